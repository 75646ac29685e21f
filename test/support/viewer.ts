/** A window of a terminal hub, as a test sees it: what would be on its screen, byte for byte. */
import type { Attachment, TerminalHub, TerminalOutput } from '../../server/src/terminals/hub.ts';
import { eventually } from './eventually.ts';

export interface TestViewer {
  /** Everything it was given since the last clearing snapshot. */
  text(): string;
  readonly attachment: Attachment;
  /** Offset behind the last byte it has. */
  readonly offset: number;
  readonly outputs: readonly TerminalOutput[];
  type(text: string): void;
  acknowledging: boolean;
  waitFor(text: string | RegExp, timeoutMs?: number): Promise<string>;
  detach(): void;
}

export function view(
  hub: TerminalHub,
  terminalId: string,
  options: { id?: string; fromOffset?: number; sequence?: number } = {},
): TestViewer {
  const id = options.id ?? `viewer-${Math.random()}`;
  let text = '';
  let offset = 0;
  let sequence = options.sequence ?? 0;
  const outputs: TerminalOutput[] = [];
  const decoder = new TextDecoder();
  const viewer = {
    id,
    send(output: TerminalOutput) {
      outputs.push(output);
      if (output.kind === 'data') {
        if (output.offset !== offset) throw new Error(`gap: has ${offset}, was sent ${output.offset}`);
        text += decoder.decode(output.data, { stream: true });
        offset += output.data.length;
      } else if (output.kind === 'snapshot') {
        text = output.snapshot.data;
        offset = output.snapshot.offset;
      }
      if (self.acknowledging) setImmediate(() => attachment.acknowledge(offset));
    },
  };
  const from = options.fromOffset === undefined ? {} : { fromOffset: options.fromOffset };
  const attachment = hub.attach(viewer, { terminalId, ...from })!;
  const { start } = attachment;
  if (start.kind === 'snapshot') {
    text = start.snapshot.data;
    offset = start.snapshot.offset;
  } else {
    text = decoder.decode(start.data, { stream: true });
    offset = start.offset + start.data.length;
  }
  const self: TestViewer = {
    text: () => text,
    attachment,
    get offset() {
      return offset;
    },
    outputs,
    acknowledging: true,
    type(input) {
      attachment.input(++sequence, Buffer.from(input));
    },
    waitFor(wanted, timeoutMs = 10_000) {
      return eventually(
        () => {
          const found = typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
          if (!found)
            throw new Error(`not printed: ${wanted}; printed: ${JSON.stringify(text.slice(-2000))}`);
          return text;
        },
        { timeoutMs, everyMs: 5 },
      );
    },
    detach: () => attachment.detach(),
  };
  return self;
}
