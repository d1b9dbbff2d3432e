import { type KeyObject, sign } from 'node:crypto';

// The necessary part of X.509 (RFC 5280 §4.1): Node reads certificates but makes none.

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const UTF8 = 0x0c;
const UTC_TIME = 0x17;
const OBJECT_ID = 0x06;

const SHA256_WITH_RSA = Buffer.from('2a864886f70d01010b', 'hex');
const COMMON_NAME = Buffer.from('550403', 'hex');
const NULL = Buffer.from([0x05, 0x00]);

function element(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

/** Returns a self-signed PEM certificate, valid from 2020 to 2049. */
export function selfSignedCertificate(
  commonName: string,
  { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject },
): string {
  const algorithm = element(SEQUENCE, element(OBJECT_ID, SHA256_WITH_RSA), NULL);
  const attribute = element(SEQUENCE, element(OBJECT_ID, COMMON_NAME), element(UTF8, Buffer.from(commonName)));
  const name = element(SEQUENCE, element(SET, attribute));
  const [from, until] = ['200101000000Z', '491231235959Z'].map((time) => element(UTC_TIME, Buffer.from(time)));
  const validity = element(SEQUENCE, from as Buffer, until as Buffer);
  const serial = element(INTEGER, Buffer.from([1]));
  const key = publicKey.export({ type: 'spki', format: 'der' });
  const body = element(SEQUENCE, serial, algorithm, name, validity, name, key);
  const signature = element(BIT_STRING, Buffer.from([0]), sign('sha256', body, privateKey));
  const base64 = element(SEQUENCE, body, algorithm, signature).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}
