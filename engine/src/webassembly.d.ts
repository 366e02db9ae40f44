/** The part of WebAssembly that the sandbox uses; the types of the language alone do not have it. */
declare namespace WebAssembly {
  class Memory {
    /** Both in pages of 64 KiB. */
    constructor(size: { initial: number; maximum: number });
  }
}
