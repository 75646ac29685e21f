/** Settings of clients given as properties: checked as Kafka's ConfigDef does, with its sentences. */
import { JavaError } from '../java/java-error.ts';

type Kind = 'INT' | 'LONG' | 'BOOLEAN' | 'STRING';

export interface ConfigRule {
  readonly kind: Kind;
  readonly least?: number;
  readonly most?: number;
  readonly choices?: readonly string[];
  readonly ignoreCase?: true;
  readonly nonEmpty?: true;
}

export class Configs {
  readonly #properties: ReadonlyMap<string, string>;
  readonly #rules: Readonly<Record<string, ConfigRule>>;

  constructor(properties: ReadonlyMap<string, string>, rules: Readonly<Record<string, ConfigRule>>) {
    this.#properties = properties;
    this.#rules = rules;
    for (const [name, rule] of Object.entries(rules)) {
      const value = properties.get(name);
      if (value !== undefined) check(name, value.trim(), rule);
    }
  }

  has(name: string): boolean {
    return this.#properties.has(name);
  }

  text(name: string, byDefault: string): string {
    return this.#properties.get(name)?.trim() ?? byDefault;
  }

  number(name: string, byDefault: number): number {
    const value = this.#properties.get(name);
    return value === undefined ? byDefault : Number(value);
  }

  flag(name: string, byDefault: boolean): boolean {
    const value = this.#properties.get(name);
    return value === undefined ? byDefault : value.trim().toLowerCase() === 'true';
  }

  /** The rule's own choices, lower case. */
  isKnown(name: string): boolean {
    return Object.hasOwn(this.#rules, name);
  }
}

function check(name: string, value: string, rule: ConfigRule): void {
  const wrong = (reason: string) =>
    configError(`Invalid value ${value} for configuration ${name}: ${reason}`);
  if (rule.kind === 'BOOLEAN') {
    if (!/^(true|false)$/i.test(value)) throw wrong('Expected value to be either true or false');
  } else if (rule.kind === 'INT' || rule.kind === 'LONG') {
    if (!/^[+-]?\d{1,19}$/.test(value)) throw wrong(`Not a number of type ${rule.kind}`);
    const number = Number(value);
    if (rule.kind === 'INT' && Math.abs(number) > 2147483648) throw wrong('Not a number of type INT');
    if (rule.least !== undefined && number < rule.least) throw wrong(`Value must be at least ${rule.least}`);
    if (rule.most !== undefined && number > rule.most) throw wrong(`Value must be no more than ${rule.most}`);
  } else if (rule.nonEmpty && value === '') {
    throw wrong('String must be non-empty');
  } else if (rule.choices !== undefined) {
    const candidate = rule.ignoreCase ? value.toUpperCase() : value;
    if (!rule.choices.includes(candidate)) {
      const how = rule.ignoreCase ? ' (case insensitive)' : '';
      throw wrong(`String must be one of${how}: ${rule.choices.join(', ')}`);
    }
  }
}

export function configError(text: string): JavaError {
  return new JavaError('org.apache.kafka.common.config.ConfigException', text);
}

/** What the constructor of Java's client throws. */
export function constructing(client: 'consumer' | 'producer', cause: JavaError): JavaError {
  return new JavaError(
    'org.apache.kafka.common.KafkaException',
    `Failed to construct kafka ${client}`,
    cause,
  );
}
