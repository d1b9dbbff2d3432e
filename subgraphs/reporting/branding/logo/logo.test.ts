import { describe, expect, it } from '@jest/globals';
import { cleanSvg } from './clean-svg.js';
import { checkPngSize, pictureKind } from './picture-kind.js';

const NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"';
const svg = (content = '', root = 'viewBox="0 0 100 50"') => `<svg ${NAMESPACE} ${root}>${content}</svg>`;
const cleaned = (content: string) => svg(content, 'viewBox="0 0 100 50" width="100" height="50"');
const clean = (text: string) => cleanSvg(text, 100);
const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1')));

describe('cleanSvg', () => {
  it('keeps shapes, styles and references within the picture', () => {
    const content =
      '<defs><g id="a"><path d="M0 0h9"></path></g></defs><style>.b{fill:url(#c)}</style><use href="#a" class="b"></use><text>a &amp; ä</text>';
    const head = '\ufeff<?xml version="1.0"?><!-- x --><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd">';
    expect(clean(head + svg(content))).toBe(cleaned(content));
  });

  it.each([
    ['<script>alert(1)</script>', ''],
    ['<svg:script xmlns:svg="http://www.w3.org/2000/svg"><g/></svg:script>', ''],
    ['<foreignObject><div>x</div></foreignObject>', ''],
    ['<image href="file:///etc/passwd"/>', ''],
    ['<image href="data:image/png;base64,AAAA"/>', ''],
    ['<g onload="a()" ONCLICK="a()" xml:base="http://a.example/"/>', '<g></g>'],
    ['<use href="http://a.example/#b"/>', '<use></use>'],
    ['<use xlink:href=" #b"/>', '<use xlink:href=" #b"></use>'],
    ['<a href="javascript:a()"><g/></a>', '<a><g></g></a>'],
    ['<g style="fill:url(http://a.example/)" fill="url( \'//a\')"/>', '<g></g>'],
    ['<g style="fill:u\\72l(http://a.example/)"/>', '<g></g>'],
    ['<style>@import "a.css";</style>', '<style></style>'],
    ['<style><![CDATA[a{fill:url(]]>//a.example)}</style>', '<style></style>'],
    ['<set attributeName="href" to="javascript:a()"/>', ''],
    ['<text><![CDATA[<script>]]></text>', '<text>&lt;script&gt;</text>'],
    ['<?xml-stylesheet href="http://a.example/"?><g/>', '<g></g>'],
  ])('leaves out what runs or refers outside: %s', (content, kept) => {
    expect(clean(svg(content))).toBe(cleaned(kept));
  });

  it.each([
    ['width="1e9px" height="5e8px" viewBox="0 0 100 50"', 'width="100" height="50" viewBox="0 0 100 50"'],
    ['width="200" height="100px"', 'width="100" height="50" viewBox="0 0 200 100"'],
    ['viewBox="-5,-5 1,4"', 'viewBox="-5 -5 1 4" width="25" height="100"'],
  ])('fits the root into the size asked for: %s', (root, fitted) => {
    expect(clean(svg('', root)).replace(`<svg ${NAMESPACE} `, '').replace('></svg>', '')).toBe(fitted);
  });

  it.each([
    [`<!DOCTYPE svg [<!ENTITY a "b">]>${svg('<text>&a;</text>')}`, 'must not declare entities'],
    [svg('<text>&a;</text>'), 'must be well-formed XML'],
    [svg().replace('</svg>', ''), 'must be well-formed XML'],
    [svg('', ''), 'must have a size'],
    [svg('', 'viewBox="0 0 0 0"'), 'must have a size'],
    [svg('', 'viewBox="0 0 NaN 1"'), 'must have a size'],
    [svg('', 'width="100%" height="100%"'), 'must have a size'],
    [`<html>${svg()}</html>`, 'must be an SVG'],
    [svg(`${'<g>'.repeat(200)}${'</g>'.repeat(200)}`), 'elements within each other'],
    [svg('<g/>'.repeat(20_001)), 'must have at most 20000 elements'],
  ])('refuses %.60s', (text, problem) => {
    expect(() => clean(text)).toThrow(problem);
  });
});

describe('pictureKind', () => {
  it.each([
    ['svg', bytes('<!---->'.repeat(5_000), svg())],
    ['png', bytes([0x89], 'PNG\r\n', [0x1a], '\n')],
    ['jpeg', bytes([0xff, 0xd8, 0xff, 0xe0])],
    ['svg', bytes(svg())],
    ['svg', Buffer.from(`\ufeff<?xml version="1.0"?>\n<!-- a > b -->\n<!DOCTYPE svg [<!ENTITY a "b">]>\n<svg:svg/>`)],
  ])('finds %s by its first bytes', (kind, picture) => {
    expect(pictureKind(picture)).toBe(kind);
  });

  it.each([
    ['GIF', bytes('GIF89a')],
    ['WebP', bytes('RIFF', [1, 0, 0, 0], 'WEBPVP8 ')],
    ['AVIF or HEIF', bytes([0, 0, 0, 32], 'ftypavif')],
    ['BMP', bytes('BM1234')],
    ['PDF', bytes('%PDF-1.7')],
    ['a compressed file', bytes([0x1f, 0x8b, 8, 0])],
    ['none', bytes('<!doctype html><html><svg></svg></html>')],
    ['none', bytes('<!---->'.repeat(5_000))],
    ['none', Buffer.alloc(0)],
  ])('refuses %s', (name, picture) => {
    expect(() => pictureKind(picture)).toThrow(`must be a PNG, JPEG or SVG picture, and is ${name}`);
  });

  it('refuses a PNG by the size in its header', () => {
    const header = (width: number, height: number) => {
      const picture = Buffer.alloc(33);
      picture.writeUInt32BE(width, 16);
      picture.writeUInt32BE(height, 20);
      return picture;
    };
    expect(() => checkPngSize(header(46_000, 46_000))).toThrow('must have at most 40 million pixels');
    expect(() => checkPngSize(header(8_000, 5_000))).not.toThrow();
    expect(() => checkPngSize(header(1, 1).subarray(0, 20))).toThrow('its end is missing');
  });
});
