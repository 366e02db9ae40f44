import { execFileSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const home = fileURLToPath(new URL('.', import.meta.url));

/** bpmn-engine, installed here on the first run. */
export async function loadPeer() {
  if (!existsSync(`${home}node_modules/bpmn-engine`)) {
    console.log('Installing what the benchmarks compare with ...');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: home, stdio: 'inherit' });
  }
  const { Engine } = await import('bpmn-engine');
  return Engine;
}

/** Runs an instance to its end, with a listener for the events, and where asked a serialised state at the start of every service task. */
export async function runPeer(Engine, source, variables, serialise) {
  let executed = 0;
  let characters = 0;
  const listener = new EventEmitter();
  const engine = new Engine({ name: 'bench', source });
  listener.on('activity.end', () => {
    executed += 1;
    if (serialise) characters += JSON.stringify(engine.execution.getState()).length;
  });
  const ended = new Promise((resolve, reject) => {
    engine.once('end', resolve);
    engine.once('error', reject);
  });
  await engine.execute({ listener, variables, services: { work: (_scope, callback) => callback() } });
  await ended;
  return { executed, characters };
}
