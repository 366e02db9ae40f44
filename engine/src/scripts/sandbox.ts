import type { QuickJSWASMModule } from 'quickjs-emscripten';

const bounds = {
  /** The sandbox's whole memory, in pages of 64 KiB: 16 MB. What can grow larger is copied for longer: a text that grows by `+=` took 30 times as long in 64 MB. */
  pages: 256,
  /** Interrupt checks, some ten thousand instructions each: about a tenth of a second. A clock would let the machine decide the outcome. */
  interrupts: 500,
  stackBytes: 256 * 1024,
};

export type SandboxResult =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

interface Sandbox {
  module: QuickJSWASMModule;
  /** Takes over when a script ran away; a new one is then prepared. */
  spare: QuickJSWASMModule | null;
  readonly prepare: () => Promise<QuickJSWASMModule>;
}

let sandbox: Sandbox | null = null;

/** Asked when a script begins; what it gives is asked whether the script has run for too long. */
export type ScriptWatch = () => () => boolean;
let watch: ScriptWatch | null = null;

/**
 * Ends scripts that the counted bounds let run for too long: operators on texts of megabytes count as one step each. Whoever has a clock sets it, the
 * engine has none; the time must be so much longer than counted scripts take that no other script is ended by it, for the outcome depends on the machine.
 */
export function watchScripts(watching: ScriptWatch | null): void {
  watch = watching;
}

/** Loads the sandbox; to be awaited before the first script runs. It is 1 MB of WebAssembly that diagrams without scripts never need. */
export async function loadSandbox(): Promise<void> {
  if (sandbox) return;
  const { newQuickJSWASMModuleFromVariant, newVariant, RELEASE_SYNC } = await import('quickjs-emscripten');
  // The memory itself is capped: the limit that a QuickJS runtime offers does not hold.
  const prepare = (): Promise<QuickJSWASMModule> =>
    newQuickJSWASMModuleFromVariant(
      newVariant(RELEASE_SYNC, {
        wasmMemory: new WebAssembly.Memory({ initial: bounds.pages, maximum: bounds.pages }),
      }),
    );
  const [module, spare] = await Promise.all([prepare(), prepare()]);
  sandbox ??= { module, spare, prepare };
}

/** Runs JavaScript in a runtime of its own, and gives its value, which must be a string. Every run is a fresh world. */
export function runInSandbox(code: string): SandboxResult {
  if (!sandbox) throw new Error('Expected that the sandbox was loaded when the diagram was compiled.');
  let interrupts = 0;
  const isOverdue = watch?.();
  let overdue = false;
  try {
    const runtime = sandbox.module.newRuntime();
    runtime.setMaxStackSize(bounds.stackBytes);
    runtime.setInterruptHandler(() => {
      interrupts += 1;
      overdue ||= isOverdue?.() === true;
      return overdue || interrupts > bounds.interrupts;
    });
    const context = runtime.newContext({ intrinsics });
    const evaluated = context.evalCode(code, 'script.js');
    const value: unknown = context.dump(evaluated.error ?? evaluated.value);
    const result: SandboxResult = evaluated.error
      ? { ok: false, reason: describeError(value) }
      : { ok: true, text: typeof value === 'string' ? value : '' };
    (evaluated.error ?? evaluated.value).dispose();
    context.dispose();
    runtime.dispose();
    if (!result.ok && /^(InternalError|RangeError)/.test(result.reason)) replace(sandbox);
    return !overdue && (result.ok || interrupts <= bounds.interrupts)
      ? result
      : { ok: false, reason: 'it ran for too long' };
  } catch {
    // The WebAssembly instance itself failed; what is left of it is not trusted any more.
    replace(sandbox);
    return { ok: false, reason: 'it used too much memory' };
  }
}

/**
 * The language without what reads the clock or the garbage collector, and without what keeps built-in functions busy where they cannot be
 * stopped: proxies and typed arrays.
 */
const intrinsics = {
  BaseObjects: true,
  Date: false,
  Eval: true,
  StringNormalize: true,
  RegExp: true,
  JSON: true,
  Proxy: false,
  MapSet: true,
  TypedArrays: false,
  Promise: true,
};

function replace(broken: Sandbox): void {
  // Without a spare the old one goes on: its runtimes are fresh for every run, and only its memory is worn.
  if (!broken.spare) return;
  broken.module = broken.spare;
  broken.spare = null;
  broken.prepare().then(
    (module) => {
      broken.spare = module;
    },
    () => undefined,
  );
}

function describeError(error: unknown): string {
  if (typeof error !== 'object' || error === null) return `it threw ${JSON.stringify(error)}`.slice(0, 500);
  const { name = 'Error', message = '' } = error as { name?: unknown; message?: unknown };
  return `${String(name)}: ${String(message)}`.slice(0, 500);
}
