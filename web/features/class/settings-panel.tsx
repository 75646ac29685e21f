/** Title, dates, labs and staff of a class. Two who change it at once: the second sees the first's changes before their own count. */
import type { ClassDetail } from '@brokerlab/server/contract';
import { Button, Checkbox, Radio, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { classesQuery, classQuery, courseQuery, queryClient } from '../../api/queries.ts';
import { CallError, call } from '../../api/rest.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { notify, notifyError } from '../../ui/notify.ts';
import { StaffSection } from './staff-section.tsx';

export function SettingsPanel({ detail }: { detail: ClassDetail }) {
  const t = useTexts();
  const [title, setTitle] = useState(detail.title);
  const [startsOn, setStartsOn] = useState(detail.startsOn ?? '');
  const [endsOn, setEndsOn] = useState(detail.endsOn ?? '');
  const [wholeCourse, setWholeCourse] = useState(detail.wholeCourse);
  const [labIds, setLabIds] = useState<readonly string[]>(detail.labs.map(({ id }) => id));
  const [guests, setGuests] = useState(detail.guests);
  const manages = detail.role !== 'assistant';
  const save = useMutation({
    mutationFn: () =>
      call('updateClass', {
        path: { classId: detail.id },
        body: {
          title: title.trim(),
          startsOn: startsOn || null,
          endsOn: endsOn || null,
          labIds: wholeCourse ? [] : [...labIds],
          guests,
          revision: detail.revision,
        },
      }),
    onSuccess: (answer) => {
      queryClient.setQueryData(classQuery(detail.id).queryKey, answer);
      notify(t('class.settings.saved'), { tone: 'ok' });
    },
    onError: (error) => {
      notifyError(error);
      if (error instanceof CallError && error.code === 'classChanged')
        void queryClient.invalidateQueries({ queryKey: classQuery(detail.id).queryKey });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <>
      <form className="section" onSubmit={submit} aria-label={t('class.settings.title')}>
        <h2>{t('class.settings.title')}</h2>
        <fieldset disabled={!manages} className="class-fields">
          <div className="row">
            <TextInput
              label={t('class.name')}
              value={title}
              maxLength={120}
              required
              withAsterisk={false}
              w={320}
              onChange={(event) => setTitle(event.currentTarget.value)}
            />
            <TextInput
              type="date"
              label={t('class.startsOn')}
              value={startsOn}
              onChange={(event) => setStartsOn(event.currentTarget.value)}
            />
            <TextInput
              type="date"
              label={t('class.endsOn')}
              value={endsOn}
              min={startsOn}
              onChange={(event) => setEndsOn(event.currentTarget.value)}
            />
          </div>
          <Radio.Group
            label={t('class.settings.labs')}
            value={wholeCourse ? 'whole' : 'chosen'}
            onChange={(value) => setWholeCourse(value === 'whole')}
          >
            <div className="class-choices">
              <Radio value="whole" label={t('class.settings.wholeCourse')} />
              <Radio value="chosen" label={t('class.settings.chosen')} />
            </div>
          </Radio.Group>
          {!wholeCourse && <LabChoices chosen={labIds} onChange={setLabIds} />}
          <Checkbox
            label={t('class.settings.guests')}
            checked={guests}
            onChange={(event) => setGuests(event.currentTarget.checked)}
          />
          {manages && (
            <Button
              type="submit"
              variant="filled"
              size="sm"
              w="fit-content"
              loading={save.isPending}
              disabled={!wholeCourse && labIds.length === 0}
            >
              {t('class.settings.save')}
            </Button>
          )}
        </fieldset>
      </form>
      <StaffSection detail={detail} />
      {manages && <RemoveClass detail={detail} />}
    </>
  );
}

function LabChoices(props: { chosen: readonly string[]; onChange: (chosen: readonly string[]) => void }) {
  const t = useTexts();
  const localized = useLocalized();
  const course = useQuery(courseQuery);
  const toggle = (id: string, on: boolean): void =>
    props.onChange(on ? [...props.chosen, id] : props.chosen.filter((one) => one !== id));
  return (
    <div className="class-labs">
      {course.data?.labs.map((lab) => (
        <Checkbox
          key={lab.id}
          label={lab.imported ? `${localized(lab.title)} (${t('lab.imported')})` : localized(lab.title)}
          checked={props.chosen.includes(lab.id)}
          onChange={(event) => toggle(lab.id, event.currentTarget.checked)}
        />
      ))}
    </div>
  );
}

function RemoveClass({ detail }: { detail: ClassDetail }) {
  const t = useTexts();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => call('deleteClass', { path: { classId: detail.id } }),
    onSuccess: async () => {
      await navigate({ to: '/classes' });
      queryClient.removeQueries({ queryKey: classQuery(detail.id).queryKey });
      await queryClient.invalidateQueries({ queryKey: classesQuery.queryKey });
    },
    onError: notifyError,
  });
  return (
    <section className="section">
      <Button color="red" variant="subtle" onClick={() => setAsking(true)}>
        {t('class.settings.remove')}
      </Button>
      <Confirm
        opened={asking}
        title={t('class.settings.remove')}
        confirm={t('class.settings.remove')}
        danger
        onConfirm={() => remove.mutate()}
        onClose={() => setAsking(false)}
      >
        {t('class.settings.removeAsk')}
      </Confirm>
    </section>
  );
}
