/** On the labs' page: which classes one is in, and the way into another. */
import type { MyClass } from '@brokerlab/server/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { myClassesQuery } from '../../api/queries.ts';
import { useTexts } from '../../ui/i18n.ts';
import { datesOf } from './dates.ts';
import './my-classes.css';

export function MyClasses() {
  const t = useTexts();
  const mine = useQuery(myClassesQuery);
  return (
    <nav className="my-classes" aria-label={t('class.mine')}>
      {mine.data?.classes.map((one) => (
        <Mine key={one.id} mine={one} />
      ))}
      {mine.data && (
        <Link to="/join" className="my-classes-join">
          {t('class.enter')}
        </Link>
      )}
    </nav>
  );
}

function Mine({ mine }: { mine: MyClass }) {
  const dates = datesOf(mine);
  return (
    <span className="my-class">
      <b>{mine.title}</b>
      {dates && <span className="quiet-text">{dates}</span>}
      {mine.instructors.length > 0 && <span className="quiet-text">{mine.instructors.join(', ')}</span>}
    </span>
  );
}
