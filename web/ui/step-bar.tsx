/** Steps as segments: filled when passed, half filled where the person is. */
import './step-bar.css';

export function StepBar({ passed, total }: { passed: number; total: number }) {
  return (
    <span className="step-bar" aria-hidden="true">
      {Array.from({ length: total }, (_, index) => (
        <i
          // biome-ignore lint/suspicious/noArrayIndexKey: a step's place is its identity here
          key={index}
          data-state={index < passed ? 'passed' : index === passed && passed > 0 ? 'open' : 'locked'}
        />
      ))}
    </span>
  );
}
