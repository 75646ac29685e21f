/** Errors as the Java tools print them: class name, message, causes. Stack frames are left out. */
import type { ApiError } from '../../client/main.ts';

export class JavaError extends Error {
  readonly className: string;
  /** `null`: thrown without a message. */
  readonly text: string | null;
  readonly inner: JavaError | null;
  readonly suppressed: readonly JavaError[];

  constructor(
    className: string,
    text: string | null = null,
    inner: JavaError | null = null,
    suppressed: readonly JavaError[] = [],
  ) {
    super(text ?? className);
    this.className = className;
    this.text = text;
    this.inner = inner;
    this.suppressed = suppressed;
  }

  /** Java's `toString`. */
  get line(): string {
    return this.text === null ? this.className : `${this.className}: ${this.text}`;
  }

  /** Java's stack trace without its frames; each line ended. */
  get trace(): string {
    const suppressed = this.suppressed.map((error) => `\tSuppressed: ${error.line}\n`).join('');
    const causes: string[] = [];
    for (let cause = this.inner; cause !== null; cause = cause.inner)
      causes.push(`Caused by: ${cause.line}\n`);
    return `${this.line}\n${suppressed}${causes.join('')}`;
  }
}

export function kafkaError(simpleName: string, text: string | null): JavaError {
  return new JavaError(nameOfKafkaError(simpleName), text);
}

/** Errors of the protocol lie in one package, but for the two that were there before it. */
export function nameOfKafkaError(simpleName: string): string {
  const old = simpleName === 'InvalidRecordException' || simpleName === 'KafkaException';
  return `org.apache.kafka.common.${old ? '' : 'errors.'}${simpleName}`;
}

export function illegalArgument(text: string): JavaError {
  return new JavaError('java.lang.IllegalArgumentException', text);
}

export function fromApiError(error: ApiError): JavaError {
  return kafkaError(error.exception, error.message);
}

/** What a future of Java's throws when asked for its result. */
export function execution(cause: JavaError): JavaError {
  return new JavaError('java.util.concurrent.ExecutionException', cause.line, cause);
}

/** What `throw new RuntimeException(e)` makes. */
export function runtime(cause: JavaError): JavaError {
  return new JavaError('java.lang.RuntimeException', cause.line, cause);
}
