/** The room's name, mark and colour. */
import { LOGO_BYTES_MAX, type RoomLook } from '@brokerlab/server/contract';
import { Button, ColorInput, FileButton, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { queryClient, sessionQuery, useSession } from '../../api/queries.ts';
import { call } from '../../api/rest.ts';
import { formatBytes } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import { RoomMark } from '../../ui/mark.tsx';
import { notify, notifyError } from '../../ui/notify.ts';

const colors = ['#2b5bd7', '#0f766e', '#7c3aed', '#b3261e', '#9a3412', '#334155'];

export function LookSection() {
  const t = useTexts();
  const look = useSession()?.look;
  return (
    <section className="section" aria-label={t('admin.look')} data-testid="look">
      <h2>{t('admin.look')}</h2>
      <p className="quiet-text">{t('admin.lookHint', { bytes: formatBytes(LOGO_BYTES_MAX) })}</p>
      {look && <LookForm look={look} />}
    </section>
  );
}

function LookForm({ look }: { look: RoomLook }) {
  const t = useTexts();
  const [name, setName] = useState(look.name ?? '');
  const [accent, setAccent] = useState(look.accent?.set ?? '');
  const save = useMutation({
    mutationFn: (logo: { base64: string } | null | undefined) =>
      call('setLook', {
        body: {
          name: name.trim() || null,
          accent: accent || null,
          ...(logo === undefined ? {} : { logo }),
        },
      }),
    onSuccess: () => {
      void queryClient.invalidateQueries(sessionQuery);
      notify(t('admin.lookSaved'), { tone: 'ok' });
    },
    onError: notifyError,
  });
  const takeLogo = async (file: File | null): Promise<void> => {
    if (!file) return;
    if (file.size > LOGO_BYTES_MAX) {
      notify(t('admin.logoTooLarge', { bytes: formatBytes(LOGO_BYTES_MAX) }), { tone: 'warn' });
      return;
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    save.mutate({ base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')) });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(undefined);
  };
  return (
    <form className="admin-quota" onSubmit={submit}>
      <TextInput
        label={t('admin.roomName')}
        placeholder={t('app.name')}
        maxLength={40}
        data-testid="look-name"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <ColorInput
        label={t('admin.accent')}
        placeholder={t('admin.quotaDefault')}
        format="hex"
        withEyeDropper={false}
        swatches={colors}
        data-testid="look-accent"
        value={accent}
        onChange={setAccent}
      />
      <div className="admin-logo">
        <RoomMark size={28} />
        <FileButton accept="image/svg+xml,image/png" onChange={(file) => void takeLogo(file)}>
          {(button) => <Button {...button}>{t('admin.logoPick')}</Button>}
        </FileButton>
        {look.logo && (
          <Button variant="subtle" color="gray" onClick={() => save.mutate(null)}>
            {t('admin.logoRemove')}
          </Button>
        )}
      </div>
      <Button type="submit" variant="filled" loading={save.isPending} data-testid="look-save">
        {t('admin.quotaSave')}
      </Button>
    </form>
  );
}
