/** Commands of the instructions: run with one click, or copy; what is to be typed by hand says so. */
import { TERMINALS_MAX } from '@brokerlab/server/contract';
import { Button, Menu } from '@mantine/core';
import { useEffect, useState } from 'react';
import { copyText } from '../../ui/clipboard.ts';
import { useTexts } from '../../ui/i18n.ts';
import { Icon } from '../../ui/icons.tsx';
import { notifyError } from '../../ui/notify.ts';
import { Words } from '../../ui/words.tsx';
import { useLab, useLabState } from './lab-context.tsx';
import { runInTerminal } from './run-in-terminal.ts';

const shownForMs = 1600;

export function CommandBlock(props: { command: string; mode: 'run' | 'type'; terminal: number }) {
  const t = useTexts();
  const lab = useLab();
  const { command, terminal } = props;
  const ready = useLabState((state) => state.environment?.state === 'ready');
  const title = useLabState(
    (state) => state.terminals?.find(({ number }) => number === terminal)?.title ?? '',
  );
  const [used, setUsed] = useState(terminal);
  const [done, setDone] = useState<'run' | 'copied' | null>(null);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(null), shownForMs);
    return () => clearTimeout(timer);
  }, [done]);
  const run = async (number: number): Promise<void> => {
    try {
      setUsed(await runInTerminal(lab, { number, command }));
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
            onClick={() => void run(terminal)}
          >
            {done === 'run'
              ? t('lab.running', { number: used })
              : title
                ? t('lab.runInNamed', { name: title })
                : t('lab.runIn', { number: terminal })}
          </Button>
        ) : (
          <span className="command-type">{t('lab.typeIn', { number: terminal })}</span>
        )}
        {props.mode === 'run' && <ElsewhereMenu disabled={!ready} onRun={(number) => void run(number)} />}
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

/** The trainee may choose another terminal than the author. */
function ElsewhereMenu({ disabled, onRun }: { disabled: boolean; onRun: (number: number) => void }) {
  const t = useTexts();
  const terminals = useLabState((state) => state.terminals) ?? [];
  const free = Array.from({ length: TERMINALS_MAX }, (_, index) => index + 1).find(
    (number) => !terminals.some((terminal) => terminal.number === number),
  );
  return (
    <Menu position="bottom-start" shadow="md">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          disabled={disabled}
          aria-label={t('lab.runElsewhere')}
          title={t('lab.runElsewhere')}
        >
          <Icon name="chevronDown" size={12} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {terminals.map(({ number, title }) => (
          <Menu.Item key={number} onClick={() => onRun(number)}>
            {title || t('terminal.title', { number })}
          </Menu.Item>
        ))}
        {free !== undefined && <Menu.Item onClick={() => onRun(free)}>{t('terminal.new')}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
