/** The levels of a broker's loggers, as clients see and set them. They live as long as the broker does (KIP-412). */
import { loggerNames, logLevels } from '../../messages/configs/loggers.ts';
import { ErrorCode } from '../../messages/errors.ts';

const root = 'root';

export interface LoggerOperation {
  readonly name: string;
  readonly value: string | null;
  /** 0 set, 1 delete, 2 append to a list, 3 take from a list. */
  readonly operation: number;
}

interface Refusal {
  readonly errorCode: number;
  readonly errorMessage: string;
}

export class Loggers {
  readonly #levels = new Map<string, string>([[root, 'INFO']]);

  /** Of every logger, by name: its own, or that of `root`. */
  *levels(): Generator<readonly [string, string]> {
    for (const name of loggerNames) yield [name, this.#levels.get(name) ?? this.#rootLevel];
  }

  /** Why these changes cannot be made; null when they can. */
  refusal(operations: readonly LoggerOperation[]): Refusal | null {
    for (const { name, value, operation } of operations) {
      const known = loggerNames.includes(name);
      if (operation === 0 && known && !logLevels.includes(value ?? '')) {
        return invalidConfig(
          `Cannot set the log level of ${name} to ${value} as it is not a supported log level. ` +
            `Valid log levels are ${logLevels.join(', ')}`,
        );
      }
      if (operation === 1 && name === root) {
        return invalidRequest('Removing the log level of the root logger is not allowed');
      }
      if (operation === 2) {
        return invalidRequest('APPEND operation is not allowed for the BROKER_LOGGER resource');
      }
      if (operation === 3) {
        return invalidRequest('SUBTRACT operation is not allowed for the BROKER_LOGGER resource');
      }
      if (!known) return invalidConfig(`Logger ${name} does not exist!`);
    }
    return null;
  }

  apply(operations: readonly LoggerOperation[]): void {
    for (const { name, value, operation } of operations) {
      if (operation === 1 || value === null) this.#levels.delete(name);
      else this.#levels.set(name, value);
    }
  }

  get #rootLevel(): string {
    return this.#levels.get(root) ?? 'INFO';
  }
}

function invalidConfig(errorMessage: string): Refusal {
  return { errorCode: ErrorCode.INVALID_CONFIG, errorMessage };
}

function invalidRequest(errorMessage: string): Refusal {
  return { errorCode: ErrorCode.INVALID_REQUEST, errorMessage };
}
