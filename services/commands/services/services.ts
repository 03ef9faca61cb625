/** `cli -- services …`: the applications whose turns are recorded, and their keys. */
import type { Command } from 'commander';
import { maskFault } from '../../intake/mask-texts.ts';
import { pasteText } from '../../intake/paste-lines.ts';
import { BUILT_IN_SERVICE, serviceNamePattern } from '../../intake/service.ts';
import type { Pool } from '../../postgres/client/connect.ts';
import { diagnoseService } from '../../wiring/diagnose-service.ts';
import { createServiceAdmin } from '../../wiring/service-admin.ts';
import { printable } from '../progress.ts';
import { doctorText } from './doctor.ts';

export type ServicesCommand = {
  /** The login's own rights. */
  readonly owner: Pool;
  /** Where applications send their turns, for the printed lines. */
  readonly baseUrl: string;
  readonly write: (text: string) => void;
};

type Run = (action: (deps: ServicesCommand) => Promise<number>) => Promise<void>;

export function describeServices(command: Command, run: Run): void {
  command.description('manage applications whose turns are recorded (docs/bring-your-own-rag.md)');
  command
    .command('add')
    .description('add a service and print its key, with the lines to paste into the application')
    .argument('<name>', 'lower-case letters, digits, hyphens')
    .option('--key-only', 'print nothing but the key')
    .action((name: string, flags: { keyOnly?: boolean }) => run((deps) => add(name, flags.keyOnly === true, deps)));
  command
    .command('list')
    .description('list services')
    .action(() => run(list));
  command
    .command('keys')
    .description('list the keys of a service')
    .argument('<name>')
    .option('--revoke <id>', 'revoke one of them')
    .action((name: string, flags: { revoke?: string }) => run((deps) => keys(name, flags.revoke, deps)));
  command
    .command('rotate')
    .description('print a new key and revoke the others')
    .argument('<name>')
    .option('--keep-others', 'the other keys stay valid, until you revoke them')
    .option('--key-only', 'print nothing but the key')
    .action((name: string, flags: { keepOthers?: boolean; keyOnly?: boolean }) =>
      run((deps) => rotate(name, flags, deps)),
    );
  command
    .command('doctor')
    .description('print what arrived of the latest turns, what is missing, and the line that fixes it')
    .argument('<name>')
    .action((name: string) => run((deps) => doctor(name, deps)));
  command
    .command('accept-key')
    .description('accept a key that the application has already, such as LANGFUSE_SECRET_KEY, read from standard input')
    .argument('<name>')
    .action((name: string) => run((deps) => acceptKey(name, deps)));
  command
    .command('configure')
    .description('change how the turns of a service are treated; an option replaces all its former values')
    .argument('<name>')
    .option('--not-found-phrase <text...>', 'an answer that contains one is "not found"; "" for none')
    .option('--mask <pattern...>', 'regular expressions replaced by *** in texts before they are stored; "" for none')
    .option('--requests-per-minute <number>', 'requests that each server accepts in a minute')
    .action((name: string, flags: ConfigureFlags) => run((deps) => configure(name, flags, deps)));
  command
    .command('remove')
    .description('stop accepting turns of a service; its turns stay until retention deletes them')
    .argument('<name>')
    .action((name: string) => run((deps) => remove(name, deps)));
}

type ConfigureFlags = {
  readonly notFoundPhrase?: readonly string[];
  readonly mask?: readonly string[];
  readonly requestsPerMinute?: string;
};

async function add(name: string, keyOnly: boolean, { owner, baseUrl, write }: ServicesCommand): Promise<number> {
  if (!serviceNamePattern.test(name)) {
    throw new Error('invalid name: use up to 50 lower-case letters, digits and hyphens, beginning with a letter');
  }
  if (name === BUILT_IN_SERVICE) throw new Error(`${name} is the built-in service; choose another name`);
  const added = await createServiceAdmin(owner).add(name);
  if (added === 'exists')
    throw new Error(`${name} exists already; for another key run: services rotate ${name} --keep-others`);
  const paste = pasteText({ service: name, key: added.key, baseUrl });
  write(keyOnly ? `${added.key}\n` : `Added ${name}. Its key is shown once:\n\n  ${added.key}\n\n${paste}\n`);
  return 0;
}

async function list({ owner, write }: ServicesCommand): Promise<number> {
  for (const { name, keys: valid, createdAt, removedAt } of await createServiceAdmin(owner).list()) {
    if (name === BUILT_IN_SERVICE) write(`${name}: built in\n`);
    else if (removedAt !== null) write(`${name}: removed ${removedAt.toISOString()}\n`);
    else write(`${name}: ${valid === 1 ? '1 key' : `${valid} keys`}, added ${createdAt.toISOString()}\n`);
  }
  return 0;
}

async function keys(name: string, revoke: string | undefined, { owner, write }: ServicesCommand): Promise<number> {
  const admin = createServiceAdmin(owner);
  if (revoke !== undefined) {
    if (!/^[0-9a-f-]{36}$/i.test(revoke) || !(await admin.revokeKey(name, revoke))) {
      throw new Error(`${name} has no valid key with this id; list its keys with: services keys ${name}`);
    }
  }
  const rows = await admin.keys(name);
  if (rows === null) throw unknown(name);
  for (const { id, prefix, createdAt, lastUsedAt, revokedAt } of rows) {
    const used = lastUsedAt === null ? 'never used' : `last used ${lastUsedAt.toISOString()}`;
    const state = revokedAt === null ? used : `revoked ${revokedAt.toISOString()}`;
    write(`${id}  ${printable(prefix)}…  made ${createdAt.toISOString()}, ${state}\n`);
  }
  return 0;
}

async function rotate(
  name: string,
  { keepOthers = false, keyOnly = false }: { keepOthers?: boolean; keyOnly?: boolean },
  { owner, write }: ServicesCommand,
): Promise<number> {
  const made = await createServiceAdmin(owner).addKey(name, keepOthers ? 'keep' : 'revoke');
  if (made === null) throw unknown(name);
  const others = keepOthers
    ? 'The other keys stay valid.'
    : 'The other keys are revoked; servers refuse them within five seconds.';
  write(keyOnly ? `${made.key}\n` : `The new key of ${name} is shown once:\n\n  ${made.key}\n\n${others}\n`);
  return 0;
}

async function doctor(name: string, { owner, baseUrl, write }: ServicesCommand): Promise<number> {
  const diagnosis = await diagnoseService(owner, name, baseUrl);
  if (diagnosis === null) throw unknown(name);
  write(doctorText(diagnosis));
  return 0;
}

async function acceptKey(name: string, { owner, write }: ServicesCommand): Promise<number> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const accepted = await createServiceAdmin(owner).acceptKey(name, Buffer.concat(chunks).toString('utf8').trim());
  if (accepted === 'unknown') throw unknown(name);
  if (accepted === 'short')
    throw new Error('the key on standard input has fewer than 20 characters; nothing was accepted');
  if (accepted === 'taken') throw new Error('this key belongs to a service already; use another one');
  write(`${name} accepts this key too\n`);
  return 0;
}

async function configure(name: string, flags: ConfigureFlags, { owner, write }: ServicesCommand): Promise<number> {
  const masks = given(flags.mask)?.map((pattern) => ({ pattern, replacement: '***' }));
  for (const mask of masks ?? []) {
    const fault = maskFault(mask);
    if (fault !== null) throw new Error(`--mask ${mask.pattern} ${fault}`);
  }
  const limit = flags.requestsPerMinute === undefined ? undefined : Number(flags.requestsPerMinute);
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1 && limit <= 1_000_000)) {
    throw new Error('--requests-per-minute must be a whole number from 1 to 1000000');
  }
  const change = { masks, noAnswerPhrases: given(flags.notFoundPhrase), requestsPerMinute: limit };
  if (!(await createServiceAdmin(owner).change(name, change))) throw unknown(name);
  write(`configured ${name}; servers apply it within five seconds\n`);
  return 0;
}

/** One empty value stands for none. */
function given(values: readonly string[] | undefined): readonly string[] | undefined {
  return values?.filter((value) => value !== '');
}

async function remove(name: string, { owner, write }: ServicesCommand): Promise<number> {
  if (!(await createServiceAdmin(owner).remove(name))) throw unknown(name);
  write(`removed ${name}: its keys are refused within five seconds, its turns stay\n`);
  return 0;
}

function unknown(name: string): Error {
  return new Error(`there is no service named ${name}; list all services with: services list`);
}
