/**
 * JavaScript that runs in the sandbox before a script does. The sandbox can stop code that it interprets, and not a loop inside of a built-in function: so no
 * array function walks further than a million elements, no search of text takes more than fifty million steps, all of them together walk no further than
 * fifty million elements and characters, and arrays are iterated by code that can be
 * stopped. The functions are called with real arrays only; the originals are out of reach.
 */
export const boundedBuiltIns = `(() => {
  const { apply, ownKeys } = Reflect;
  const { isArray } = Array;
  const { defineProperty } = Object;
  const { max } = Math;
  const maxElements = 1000000;
  const maxSearch = 50000000;
  const define = (holder, name, value) => defineProperty(holder, name, { value, writable: true, configurable: true, enumerable: false });
  // Elements and characters that built-in functions have walked through, all calls together.
  const maxWork = 50000000;
  let work = 0;
  const charge = (amount) => {
    work += max(0, amount) || 0;
    if (work > maxWork) throw RangeError('the built-in functions have walked through more than ' + maxWork + ' elements and characters');
  };
  const short = (array) => {
    if (!isArray(array)) throw TypeError('functions of arrays need an array');
    if (array.length > maxElements) throw RangeError('the array has more than ' + maxElements + ' elements');
    charge(array.length);
  };
  for (const name of ownKeys(Array.prototype)) {
    const original = Array.prototype[name];
    if (typeof original !== 'function' || name === 'constructor') continue;
    define(Array.prototype, name, { [name](...given) { short(this); return apply(original, this, given); } }[name]);
  }
  // Without a function that compares, sorting compares texts where nothing can stop it.
  const byText = (one, other) => {
    const a = String(one);
    const b = String(other);
    return a < b ? -1 : a > b ? 1 : 0;
  };
  for (const name of ['sort', 'toSorted']) {
    const sort = Array.prototype[name];
    define(Array.prototype, name, { [name](compare = byText) { return apply(sort, this, [compare]); } }[name]);
  }
  const concat = Array.prototype.concat;
  define(Array.prototype, 'concat', function (...parts) {
    for (let at = 0; at < parts.length; at += 1) {
      if (isArray(parts[at])) short(parts[at]);
      else if (parts[at] !== null && typeof parts[at] === 'object' && parts[at][Symbol.isConcatSpreadable]) throw TypeError('only arrays can be joined');
    }
    return apply(concat, this, parts);
  });
  const push = Array.prototype.push;
  const flatten = (array, depth, into) => {
    short(array);
    for (let at = 0; at < array.length; at += 1) {
      if (!(at in array)) continue;
      if (depth > 0 && isArray(array[at])) flatten(array[at], depth - 1, into);
      else apply(push, into, [array[at]]);
    }
    return into;
  };
  const map = Array.prototype.map;
  define(Array.prototype, 'flat', function (depth = 1) { return flatten(this, depth, []); });
  define(Array.prototype, 'flatMap', function (...given) { return flatten(apply(map, this, given), 1, []); });
  const values = function* () { for (let at = 0; at < this.length; at += 1) yield this[at]; };
  define(Array.prototype, 'values', values);
  define(Array.prototype, Symbol.iterator, values);
  const from = Array.from;
  define(Array, 'from', function (source, ...given) {
    if (source !== null && typeof source === 'object' && !source[Symbol.iterator]) {
      const { length } = source;
      if (length > maxElements) throw RangeError('the array has more than ' + maxElements + ' elements');
      const copy = [];
      for (let at = 0; at < length; at += 1) apply(push, copy, [source[at]]);
      return apply(from, this, [copy, ...given]);
    }
    return apply(from, this, [source, ...given]);
  });
  define(String, 'raw', undefined);
  for (const name of ['indexOf', 'lastIndexOf', 'includes', 'split', 'replace', 'replaceAll', 'startsWith', 'endsWith']) {
    const original = String.prototype[name];
    define(String.prototype, name, { [name](...given) {
      const text = String(this);
      const sought = given[0];
      if (sought !== null && typeof sought === 'object') return apply(original, text, given);
      const term = String(sought);
      charge(text.length + term.length);
      if (text.length * max(1, term.length) > maxSearch) throw RangeError('the text is too long to be searched for this');
      return apply(original, text, [term, ...given.slice(1)]);
    } }[name]);
  }
  for (const name of ['repeat', 'padStart', 'padEnd', 'normalize', 'toUpperCase', 'toLowerCase', 'toLocaleUpperCase', 'toLocaleLowerCase', 'localeCompare', 'trim', 'match', 'matchAll', 'search']) {
    const original = String.prototype[name];
    if (typeof original !== 'function') continue;
    define(String.prototype, name, { [name](...given) {
      const text = String(this);
      charge(name === 'repeat' ? text.length * given[0] : name.startsWith('pad') ? given[0] : text.length);
      return apply(original, text, given);
    } }[name]);
  }
  const { parse, stringify } = JSON;
  define(JSON, 'parse', (text, ...given) => {
    charge(8 * String(text).length);
    return parse(text, ...given);
  });
  define(JSON, 'stringify', (...given) => {
    const text = stringify(...given);
    charge(text === undefined ? 1 : 8 * text.length);
    return text;
  });
  // Nothing makes code or long integers of text: what a script contains was seen when it was compiled.
  for (const made of [function () {}, function* () {}, async function () {}, async function* () {}])
    define(Object.getPrototypeOf(made), 'constructor', undefined);
  for (const name of ['eval', 'Function', 'BigInt']) delete globalThis[name];
})();`;
