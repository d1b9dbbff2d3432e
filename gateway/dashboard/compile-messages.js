import compile from 'icu-minify/compile';

const TEXT = /\/dashboard\/text\/\w+\/[\w-]+\.ts$/;

function* stringsIn(node) {
  if (node === null || typeof node !== 'object') return;
  if (Array.isArray(node)) {
    for (const each of node) yield* stringsIn(each);
  } else if (node.type === 'Property' && node.value.type === 'Literal' && typeof node.value.value === 'string') {
    yield node.value;
  } else if (typeof node.type === 'string') {
    for (const value of Object.values(node)) yield* stringsIn(value);
  }
}

/** A plugin of Vite that compiles the messages in `text/`, so that the page needs no parser of ICU's format. Fails for a wrong one. */
export const compileMessages = {
  name: 'compile-messages',
  enforce: 'post',
  transform(code, id) {
    if (!TEXT.test(id)) return null;
    let compiled = code;
    // From the end, so that the positions before stay true.
    for (const { start, end, value } of [...stringsIn(this.parse(code))].reverse()) {
      compiled = compiled.slice(0, start) + JSON.stringify(compile(value)) + compiled.slice(end);
    }
    return { code: compiled, map: null };
  },
};
