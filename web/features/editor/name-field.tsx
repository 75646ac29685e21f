import { useEffect, useRef } from 'react';
import { useTexts } from '../../ui/i18n.ts';

/** A path relative to home; null when the person thought better of it. */
export function NameField(props: {
  initial: string;
  placeholder: string;
  onDone: (name: string | null) => void;
}) {
  const t = useTexts();
  const field = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => field.current?.select(), []);
  const finish = (text: string | null): void => {
    if (done.current) return;
    done.current = true;
    const name = text?.trim().replace(/^\/+|\/+$/g, '') ?? '';
    props.onDone(name === '' || name === props.initial ? null : name);
  };
  return (
    <input
      ref={field}
      className="tree-name-field mono"
      aria-label={t('editor.nameLabel')}
      title={t('editor.nameLabel')}
      placeholder={props.placeholder}
      defaultValue={props.initial}
      maxLength={512}
      spellCheck={false}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === 'Enter') finish(event.currentTarget.value);
        if (event.key === 'Escape') finish(null);
      }}
      onBlur={(event) => finish(event.currentTarget.value)}
    />
  );
}
