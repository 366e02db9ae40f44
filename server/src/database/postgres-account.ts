import { spawnSync, type SpawnOptions } from 'node:child_process';
import { chownSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** How to run a program as the account that the embedded PostgreSQL runs as. */
export interface PostgresAccount {
  readonly command: (program: string, args: readonly string[]) => { program: string; args: readonly string[] };
  readonly options: Pick<SpawnOptions, 'uid' | 'gid'>;
  /** Hands a file or folder over to the account. */
  readonly own: (file: string) => void;
}

const myself: PostgresAccount = {
  command: (program, args) => ({ program, args }),
  options: {},
  own: () => undefined,
};

/**
 * PostgreSQL refuses to run as root. An ordinary user runs it as themselves; root runs it as an unprivileged account:
 * the one that owns the data already, else `postgres`, else `nobody` (initdb wants an account with a name).
 *
 * That account may be unable to reach the folder: a checkout in the home of root, or below `mktemp -d`, lies behind a directory
 * that only root may enter. Then it gets a single capability of root's, the one to pass directories, as an ambient one
 * (capabilities(7)). `no_setuid_fixup` lets access(2), by which initdb looks for its own binary, count that capability.
 *
 * @param data an existing folder, which PostgreSQL will read and write.
 * @throws where the folder or the program stays out of reach.
 */
export function choosePostgresAccount(data: string, program: string): PostgresAccount {
  if (process.getuid?.() !== 0) return myself;
  const { uid, gid } = unprivilegedAccount(data);
  const own = (file: string): void => chownSync(file, uid, gid);
  const plain: PostgresAccount = { command: (name, args) => ({ program: name, args }), options: { uid, gid }, own };
  const capable = ['dac_read_search', 'dac_override'].map((capability): PostgresAccount => {
    const prefix = [
      `--reuid=${uid}`,
      `--regid=${gid}`,
      '--clear-groups',
      `--inh-caps=-all,+${capability}`,
      `--ambient-caps=-all,+${capability}`,
      '--securebits=+no_setuid_fixup',
      '--',
    ];
    return { command: (name, args) => ({ program: 'setpriv', args: [...prefix, name, ...args] }), options: {}, own };
  });
  const account = [plain, ...capable].find((candidate) => reaches(candidate, data, program));
  if (account) return account;
  throw new Error(
    `The embedded PostgreSQL cannot run as root, and the account it would run as (uid ${uid}) cannot reach ${data} or ${program}, ` +
      `because a directory above them is closed to it. Move the folder to where every user may pass (for example /srv/xflow), ` +
      `start the server as an ordinary user, or set DATABASE_URL to a PostgreSQL 15 or later of your own.`,
  );
}

function unprivilegedAccount(data: string): { uid: number; gid: number } {
  const owner = statSync(data);
  if (owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const account = accounts.find((fields) => fields[0] === name);
    const uid = Number(account?.[2]);
    if (account && uid !== 0 && Number.isInteger(uid)) return { uid, gid: Number(account[3]) };
  }
  throw new Error(
    `The embedded PostgreSQL cannot run as root, and this machine has no account "postgres" or "nobody" to run it as. ` +
      `Create one (useradd --system postgres), start the server as an ordinary user, or set DATABASE_URL.`,
  );
}

function reaches(account: PostgresAccount, data: string, program: string): boolean {
  const script = 'cd "$1" && test -x "$2" && test -r "$3"';
  const share = path.resolve(path.dirname(program), '..', 'share');
  const { program: shell, args } = account.command('/bin/sh', ['-c', script, 'sh', path.dirname(data), program, share]);
  return spawnSync(shell, args, { ...account.options, cwd: '/', stdio: 'ignore' }).status === 0;
}
