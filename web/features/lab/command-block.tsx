/** Commands of the instructions: run with one click, or copy; what is to be typed by hand says so. */
import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { copyText } from '../../ui/clipboard.ts';
import { useTexts } from '../../ui/i18n.ts';
import { Icon } from '../../ui/icons.tsx';
import { notifyError } from '../../ui/notify.ts';
import { useLab, useLabState } from './lab-context.tsx';
import { runInTerminal } from './run-in-terminal.ts';

const shownForMs = 1600;

export function CommandBlock(props: { command: string; mode: 'run' | 'type'; terminal: number }) {
  const t = useTexts();
  const lab = useLab();
  const { command, terminal } = props;
  const ready = useLabState((state) => state.environment?.state === 'ready');
  const [done, setDone] = useState<'run' | 'copied' | null>(null);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(null), shownForMs);
    return () => clearTimeout(timer);
  }, [done]);
  const run = async (): Promise<void> => {
    try {
      await runInTerminal(lab, { number: terminal, command });
      setDone('run');
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <div className="command" data-mode={props.mode}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, so the block is focusable */}
      <pre tabIndex={0}>
        <Words text={command} />
      </pre>
      <div className="command-actions">
        {props.mode === 'run' ? (
          <Button
            leftSection={<Icon name={done === 'run' ? 'check' : 'play'} size={12} />}
            disabled={!ready}
            title={ready ? undefined : t('lab.runNoTerminal')}
            onClick={() => void run()}
          >
            {done === 'run' ? t('lab.running', { number: terminal }) : t('lab.runIn', { number: terminal })}
          </Button>
        ) : (
          <span className="command-type">{t('lab.typeIn', { number: terminal })}</span>
        )}
        <Button
          variant="subtle"
          color="gray"
          onClick={() => void copyText(command).then((copied) => copied && setDone('copied'))}
        >
          {done === 'copied' ? t('lab.copied') : t('lab.copy')}
        </Button>
      </div>
    </div>
  );
}

/** Breaks lines between words only: `--create` must not be torn at its hyphens. */
function Words({ text }: { text: string }) {
  return text.split(/(\s+)/).map((part, index) =>
    /^\s*$/.test(part) ? (
      part
    ) : (
      <span
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
        key={index}
        className="command-word"
      >
        {part}
      </span>
    ),
  );
}
