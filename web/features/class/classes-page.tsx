/** The classes one runs, and the form that makes another. */
import type { ClassCard } from '@brokerlab/server/contract';
import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { classesQuery, queryClient } from '../../api/queries.ts';
import { call, textOf } from '../../api/rest.ts';
import { Header } from '../../ui/header.tsx';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { datesOf } from './dates.ts';
import '../../ui/page.css';
import './class.css';

export function ClassesPage() {
  const t = useTexts();
  const classes = useQuery(classesQuery);
  return (
    <div className="page">
      <Header />
      <main id="main" className="page-main">
        <h1 className="page-title">{t('class.title')}</h1>
        <p className="page-intro">{t('class.intro')}</p>
        <CreateClass />
        {classes.isPending && <Loading />}
        {classes.error && (
          <Failure title={t('class.failed')} error={classes.error} retry={() => void classes.refetch()} />
        )}
        {classes.data?.classes.length === 0 && <Empty title={t('class.empty')}>{t('class.emptyHint')}</Empty>}
        <ul className="classes">
          {classes.data?.classes.map((one) => (
            <Card key={one.id} card={one} />
          ))}
        </ul>
      </main>
    </div>
  );
}

function Card({ card }: { card: ClassCard }) {
  const t = useTexts();
  return (
    <li>
      <Link
        to="/classes/$classId"
        params={{ classId: card.id }}
        className="class-card"
        data-testid="class-card"
      >
        <span className="class-card-title">{card.title}</span>
        <span className="quiet-text">{datesOf(card) || t('class.noDates')}</span>
        <span>{t('class.trainees', { count: card.trainees })}</span>
        <span className="quiet-text class-card-staff">{card.instructors.join(', ')}</span>
        <span className="quiet-text">{t(`class.roles.${card.role}`)}</span>
      </Link>
    </li>
  );
}

function CreateClass() {
  const t = useTexts();
  const localized = useLocalized();
  const navigate = useNavigate();
  const [title, setTitle] = useState('');
  const [startsOn, setStartsOn] = useState('');
  const [endsOn, setEndsOn] = useState('');
  const create = useMutation({
    mutationFn: () =>
      call('createClass', {
        body: { title: title.trim(), startsOn: startsOn || null, endsOn: endsOn || null },
      }),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: classesQuery.queryKey });
      await navigate({ to: '/classes/$classId', params: { classId: id }, search: { tab: 'roster' } });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (title.trim()) create.mutate();
  };
  return (
    <form className="section" onSubmit={submit}>
      <h2>{t('class.new')}</h2>
      <div className="row">
        <TextInput
          label={t('class.name')}
          placeholder={t('class.namePlaceholder')}
          value={title}
          maxLength={120}
          required
          withAsterisk={false}
          w={300}
          data-testid="class-title"
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
        <Button
          type="submit"
          variant="filled"
          size="sm"
          loading={create.isPending}
          data-testid="create-class"
        >
          {t('class.create')}
        </Button>
      </div>
      {create.error && (
        <p role="alert" className="class-error">
          {localized(textOf(create.error))}
        </p>
      )}
    </form>
  );
}
