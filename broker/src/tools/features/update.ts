/** upgrade, downgrade and disable: one UpdateFeatures request for all of them. */
import { toApiError } from '../../client/client-error.ts';
import { type Client, ClientError } from '../../client/main.ts';
import { UpdateFeaturesRequest, UpdateFeaturesResponse } from '../../messages/57-update-features.ts';
import { failureOf } from '../framework/admin.ts';
import type { Arguments } from '../framework/argparse/parse.ts';
import { Terse } from '../framework/finish.ts';
import type { ToolPorts } from '../framework/ports.ts';
import { defaultLevel, features, levelOf, metadataFeature } from './metadata-versions.ts';

const upgradeTypes = { upgrade: 1, safeDowngrade: 2, unsafeDowngrade: 3 } as const;
const timeoutMs = 60_000;

export interface Connected {
  readonly ports: ToolPorts;
  readonly admin: Client;
  readonly controllers: boolean;
}

export async function updateFeatures(connected: Connected, { command, values }: Arguments): Promise<void> {
  const { ports } = connected;
  const levels = command === 'disable' ? disabled(values) : wanted(ports, command!, values);
  if (levels.size === 0) throw new Terse(`You must specify at least one feature to ${command}`);
  const downgrade = values.get('unsafe') === true ? upgradeTypes.unsafeDowngrade : upgradeTypes.safeDowngrade;
  const upgradeType = command === 'upgrade' ? upgradeTypes.upgrade : downgrade;
  const dryRun = values.get('dry_run') === true;
  const errors = await send(connected, levels, { upgradeType, dryRun });
  for (const [name, level] of [...levels].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const error = errors.get(name) ?? null;
    const to = command === 'disable' ? '' : ` to ${level}`;
    if (error !== null) ports.out(`${dryRun ? 'Can not' : 'Could not'} ${command} ${name}${to}. ${error}\n`);
    else
      ports.out(
        `${name} ${dryRun ? 'can be' : 'was'} ${command}${command === 'disable' ? 'd' : 'd'}${to}.\n`,
      );
  }
  const failed = [...levels.keys()].filter((name) => errors.has(name)).length;
  if (failed > 0) throw new Terse(`${failed} out of ${levels.size} operation(s) failed.`);
}

function wanted(ports: ToolPorts, command: string, values: Arguments['values']): Map<string, number> {
  const metadata = values.get('metadata') as string | undefined;
  const release = values.get('release_version') as string | undefined;
  const named = (values.get('feature') as readonly string[] | undefined) ?? [];
  if (release !== undefined && (metadata !== undefined || named.length > 0)) {
    throw new Terse('Can not specify `release-version` with other feature flags.');
  }
  const levels = new Map<string, number>();
  if (release !== undefined) {
    const metadataLevel = levelOf(release);
    levels.set(metadataFeature, metadataLevel);
    for (const feature of features) {
      const level = defaultLevel(feature, metadataLevel);
      if (command !== 'upgrade' || level > 0) levels.set(feature.name, level);
    }
  }
  if (metadata !== undefined) {
    ports.out(' `metadata` flag is deprecated and may be removed in a future release.\n');
    levels.set(metadataFeature, levelOf(metadata));
  }
  for (const { name, level } of named.map(parseFeature)) setOnce(levels, name, level);
  return levels;
}

function disabled(values: Arguments['values']): Map<string, number> {
  const levels = new Map<string, number>();
  for (const name of (values.get('feature') as readonly string[] | undefined) ?? []) setOnce(levels, name, 0);
  return levels;
}

function setOnce(levels: Map<string, number>, name: string, level: number): void {
  if (levels.has(name)) throw new Terse(`Feature ${name} was specified more than once.`);
  levels.set(name, level);
}

export function parseFeature(text: string): { readonly name: string; readonly level: number } {
  const at = text.indexOf('=');
  const unparseable = `Can't parse feature=level string ${text}`;
  if (at === -1) throw new Terse(`${unparseable}: equals sign not found.`);
  const level = text.slice(at + 1).trim();
  if (!/^[+-]?\d{1,5}$/.test(level) || Math.abs(Number(level)) > 32767) {
    throw new Terse(`${unparseable}: unable to parse ${level} as a short.`);
  }
  return { name: text.slice(0, at).trim(), level: Number(level) };
}

/** What went wrong, by feature. */
async function send(
  { admin, controllers }: Connected,
  levels: ReadonlyMap<string, number>,
  how: { readonly upgradeType: number; readonly dryRun: boolean },
): Promise<Map<string, string>> {
  const all = (text: string) => new Map([...levels.keys()].map((name) => [name, text]));
  try {
    const answer = await admin.request(controllers ? 'controller' : 'any', {
      request: UpdateFeaturesRequest,
      response: UpdateFeaturesResponse,
      body: {
        timeoutMs,
        featureUpdates: [...levels].map(([name, level]) => ({
          feature: name,
          maxVersionLevel: level,
          allowDowngrade: how.upgradeType !== upgradeTypes.upgrade,
          upgradeType: how.upgradeType,
        })),
        validateOnly: how.dryRun,
      },
    });
    const error = toApiError(answer.errorCode, answer.errorMessage);
    if (error !== null) return all(error.message);
    return new Map(
      answer.results.flatMap(({ feature, errorCode, errorMessage }) => {
        const own = toApiError(errorCode, errorMessage);
        return own === null ? [] : [[feature, own.message] as const];
      }),
    );
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return all(failureOf(error, 'updateFeatures').text ?? '');
  }
}
