/**
 * JavaScript that runs in the sandbox before a script does. The sandbox can stop code that it interprets, and not a loop inside of a built-in function: so no
 * array function walks further than a million elements, no search of text takes more than fifty million steps, all of them together walk no further than
 * fifty million elements and characters, and arrays are iterated by code that can be
 * stopped. The functions are called with real arrays only; the originals are out of reach.
 * Its value is the function that writes JSON.
 */
export const boundedBuiltIns = `(() => {
  'use strict';
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
  let told = false;
  const charge = (amount) => {
    work += max(0, amount) || 0;
    if (work <= maxWork) return;
    // A script that catches this and goes on is stopped by its instructions.
    if (told) for (;;);
    told = true;
    throw RangeError('the built-in functions have walked through more than ' + maxWork + ' elements and characters');
  };
  const joinTexts = Array.prototype.join;
  const quote = JSON.stringify;
  const maxDepth = 250;
  /** JSON.stringify by code that can be stopped: natively an array that holds itself forty times over is written for hours. */
  const writeJson = (value, replacer, space) => {
    const gap = typeof space === 'number' ? ' '.repeat(max(0, space > 10 ? 10 : space)) : typeof space === 'string' ? space.slice(0, 10) : '';
    const replace = typeof replacer === 'function' ? replacer : null;
    const names = isArray(replacer) ? [...new Set([...replacer].map(String))] : null;
    const parts = [];
    let count = 0;
    const put = (text) => { charge(text.length); parts[count] = text; count += 1; };
    const write = (holder, name, depth, before) => {
      let one = holder[name];
      if (one !== null && typeof one === 'object' && typeof one.toJSON === 'function') one = one.toJSON(String(name));
      if (replace) one = apply(replace, holder, [String(name), one]);
      if (one instanceof String || one instanceof Number || one instanceof Boolean) one = one.valueOf();
      if (one === undefined || typeof one === 'function' || typeof one === 'symbol') return false;
      put(before);
      if (one === null || typeof one !== 'object') { put(quote(one)); return true; }
      if (depth >= maxDepth) throw RangeError('the value is nested more than ' + maxDepth + ' deep, or contains itself');
      const line = gap === '' ? '' : '\\n' + gap.repeat(depth + 1);
      const end = gap === '' ? '' : '\\n' + gap.repeat(depth);
      let first = true;
      if (isArray(one)) {
        put('[');
        for (let at = 0; at < one.length; at += 1) {
          const before = (first ? '' : ',') + line;
          if (!write(one, at, depth + 1, before)) put(before + 'null');
          first = false;
        }
        put(first ? ']' : end + ']');
      } else {
        put('{');
        const own = names ?? Object.keys(one);
        for (let at = 0; at < own.length; at += 1)
          if (write(one, own[at], depth + 1, (first ? '' : ',') + line + quote(own[at]) + (gap === '' ? ':' : ': '))) first = false;
        put(first ? '}' : end + '}');
      }
      return true;
    };
    return write({ '': value }, '', 0, '') ? apply(joinTexts, parts, ['']) : undefined;
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
      if (sought !== null && typeof sought === 'object') { charge(text.length); return apply(original, text, given); }
      const term = String(sought);
      charge(text.length + term.length);
      if (text.length * max(1, term.length) > maxSearch) throw RangeError('the text is too long to be searched for this');
      return apply(original, text, [term, ...given.slice(1)]);
    } }[name]);
  }
  for (const name of ['repeat', 'padStart', 'padEnd', 'normalize', 'toUpperCase', 'toLowerCase', 'toLocaleUpperCase', 'toLocaleLowerCase', 'localeCompare', 'trim']) {
    const original = String.prototype[name];
    if (typeof original !== 'function') continue;
    define(String.prototype, name, { [name](...given) {
      const text = String(this);
      if (name === 'normalize' && text.length > 10000) throw RangeError('a text of more than 10000 characters is normalized');
      charge(name === 'repeat' ? text.length * given[0] : name.startsWith('pad') ? given[0] : name === 'localeCompare' ? text.length + String(given[0]).length : text.length);
      return apply(original, text, given);
    } }[name]);
  }
  const { parse } = JSON;
  define(JSON, 'parse', (text, ...given) => {
    charge(8 * String(text).length);
    return parse(text, ...given);
  });
  define(JSON, 'stringify', writeJson);
  // A pattern is compiled where nothing can stop it. Those that stand in the script were compiled with it.
  const Pattern = RegExp;
  const maxPattern = 1000;
  const BoundedPattern = function RegExp(pattern, flags) {
    const given = pattern instanceof Pattern;
    const source = given ? pattern.source : pattern === undefined ? '' : String(pattern);
    if (source.length > maxPattern) throw RangeError('the pattern has more than ' + maxPattern + ' characters');
    charge(10000 * (source.length + 1));
    return new Pattern(source, flags === undefined && given ? pattern.flags : flags);
  };
  defineProperty(BoundedPattern, 'prototype', { value: Pattern.prototype });
  define(Pattern.prototype, 'constructor', BoundedPattern);
  define(globalThis, 'RegExp', BoundedPattern);
  define(Pattern.prototype, 'compile', undefined);
  for (const name of ['match', 'matchAll', 'search']) {
    const original = String.prototype[name];
    define(String.prototype, name, { [name](sought) {
      const flags = name === 'matchAll' ? 'g' : '';
      return apply(original, this, [sought instanceof Pattern ? sought : new BoundedPattern(sought, flags)]);
    } }[name]);
  }
  // Functions that go through all properties of an object.
  const { keys } = Object;
  for (const name of ['keys', 'values', 'entries', 'assign', 'freeze', 'seal', 'preventExtensions', 'isFrozen', 'isSealed', 'getOwnPropertyNames', 'getOwnPropertySymbols', 'getOwnPropertyDescriptors', 'defineProperties']) {
    const original = Object[name];
    define(Object, name, { [name](...given) {
      for (let at = 0; at < given.length; at += 1) {
        const one = given[at];
        if (typeof one === 'string' || isArray(one)) {
          if (one.length > maxElements) throw RangeError('the array has more than ' + maxElements + ' elements');
          charge(50 * one.length);
        } else if (one !== null && typeof one === 'object') charge(50 * keys(one).length);
      }
      return apply(original, Object, given);
    } }[name]);
  }
  define(Reflect, 'ownKeys', (object) => Object.getOwnPropertyNames(object));
  // Those that read texts to their ends.
  for (const [holder, name] of [
    ...['slice', 'substring', 'substr', 'trimStart', 'trimEnd', 'trimLeft', 'trimRight', 'concat', 'isWellFormed', 'toWellFormed', 'anchor', 'big', 'blink', 'bold', 'fixed', 'fontcolor', 'fontsize', 'italics', 'link', 'small', 'strike', 'sub', 'sup'].map((name) => [String.prototype, name]),
    ...['parseInt', 'parseFloat', 'isNaN', 'isFinite', 'escape', 'unescape', 'encodeURI', 'encodeURIComponent', 'decodeURI', 'decodeURIComponent'].map((name) => [globalThis, name]),
  ]) {
    const original = holder[name];
    if (typeof original !== 'function') continue;
    define(holder, name, { [name](...given) {
      let length = typeof this === 'string' ? this.length : 0;
      for (let at = 0; at < given.length; at += 1) length += String(given[at]).length;
      charge(4 * length);
      return apply(original, this, given);
    } }[name]);
  }
  define(Number, 'parseInt', parseInt);
  define(Number, 'parseFloat', parseFloat);
  // Maps and sets that are gone through as a whole.
  for (const { prototype } of [Map, Set]) {
    const sizeOf = Object.getOwnPropertyDescriptor(prototype, 'size').get;
    for (const name of ownKeys(prototype)) {
      const original = Object.getOwnPropertyDescriptor(prototype, name).value;
      if (typeof original !== 'function' || ['constructor', 'get', 'set', 'has', 'add', 'delete'].includes(name)) continue;
      define(prototype, name, { [name](...given) {
        const other = given[0] instanceof Map || given[0] instanceof Set ? apply(sizeOf, given[0], []) : 0;
        charge(20 * (apply(sizeOf, this, []) + other));
        return apply(original, this, given);
      } }[name]);
    }
  }
  // Arguments of an array-like object are counted before they are made.
  const bounded = (list) => {
    const length = list === null || list === undefined ? 0 : list.length;
    if (length > 10000) throw RangeError('a function is called with more than 10000 arguments');
    charge(10 * length);
    return list ?? [];
  };
  define(Function.prototype, 'apply', function (self, list) { return apply(this, self, bounded(list)); });
  define(Reflect, 'apply', (called, self, list) => apply(called, self, bounded(list)));
  const { construct } = Reflect;
  define(Reflect, 'construct', (called, list, ...given) => construct(called, bounded(list), ...given));
  // Nothing makes code or long integers of text: what a script contains was seen when it was compiled.
  for (const made of [function () {}, function* () {}, async function () {}, async function* () {}])
    define(Object.getPrototypeOf(made), 'constructor', undefined);
  for (const name of ['eval', 'Function', 'BigInt']) delete globalThis[name];
  return writeJson;
})();`;
