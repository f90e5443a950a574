import { openCipher } from '../config/cipher.ts';
import { StartRefused } from '../config/errors.ts';
import type { HubConfig } from '../config/hub.ts';
import { optionalSecretNames, secretNames, secretVariable } from '../config/source-secrets.ts';
import { hubActor } from '../store/actor.ts';
import type { Store } from '../store/pool.ts';
import { setSourceSecret } from '../store/source-secrets.ts';
import { messages } from './messages.ts';

/** A secret of a source of hub.yaml, from the environment. */
export type GivenSecret = { office: string; key: string; name: string; value: string };

/**
 * The secrets that the environment gives for the sources of hub.yaml.
 * @param variables what is set there, see `sourceSecretVariables`
 * @param visits whether this start is one that visits sources, so that none may be missing
 * @throws StartRefused `source-secrets-missing`, naming every variable that an enabled source needs
 */
export function givenSecrets(
  hub: HubConfig,
  variables: Readonly<Record<string, string>>,
  visits = true,
): GivenSecret[] {
  const given: GivenSecret[] = [];
  const missing: string[] = [];
  for (const source of hub.sources) {
    const needed = secretNames(source);
    for (const name of [...needed, ...optionalSecretNames(source)]) {
      const variable = secretVariable(source.key, name);
      const value = variables[variable];
      if (value !== undefined) {
        given.push({ office: source.office ?? hub.office.code, key: source.key, name, value });
      } else if (source.enabled && needed.includes(name)) missing.push(variable);
    }
  }
  if (visits && missing.length > 0) {
    throw new StartRefused('source-secrets-missing', messages.sourceSecretsMissing(missing));
  }
  return given;
}

/**
 * Seals them where the sources' visits find them; what is there already stays as it is.
 * @param offices code → id of the offices that hub.yaml names
 */
export async function sealSecrets(
  store: Store,
  keys: readonly string[],
  offices: ReadonlyMap<string, number>,
  given: readonly GivenSecret[],
): Promise<void> {
  if (given.length === 0) return;
  const cipher = openCipher(keys);
  for (const { office, key, name, value } of given) {
    const officeId = offices.get(office) ?? 0;
    const found = await store.query<{ id: number }>(
      'select id from sources where office_id = $1 and key = $2',
      [officeId, key],
    );
    const sourceId = found.rows[0]?.id;
    if (sourceId === undefined) continue;
    await setSourceSecret(store, cipher, hubActor('start', officeId), { sourceId, name, value });
  }
}
