/** A grade as a JUnit report: a suite per step, a case per check. */
import type { Locale } from '../lab/schema.ts';
import type { Grade, GradedCheck } from './grade.ts';

export function toJunit(grade: Grade, language: Locale): string {
  const suites = grade.steps.map((step) => {
    const cases = step.checks.map((check) => testCase(`${grade.lab}.${step.id}`, check, language));
    const failures = step.checks.filter(({ state }) => state === 'notYet').length;
    const errors = step.checks.filter(({ state }) => state === 'brokenCheck').length;
    const skipped = step.checks.filter(({ state }) => state === 'skipped').length;
    const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="${skipped}" time="${time(step.checks)}"`;
    return `  <testsuite name="${escapeXml(`${grade.lab}.${step.id}`)}" ${counts}>\n${cases.join('\n')}\n  </testsuite>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escapeXml(grade.lab)}" time="${time(grade.steps.flatMap(({ checks }) => checks))}">\n${suites.join('\n')}\n</testsuites>\n`;
}

function testCase(suite: string, check: GradedCheck, language: Locale): string {
  const head = `    <testcase classname="${escapeXml(suite)}" name="${escapeXml(check.id)}" time="${time([check])}"`;
  const message = escapeXml(check.message[language]);
  switch (check.state) {
    case 'passed':
      return `${head}/>`;
    case 'notYet':
      return `${head}><failure message="${message}"/></testcase>`;
    case 'brokenCheck':
      return `${head}><error message="${message}"/></testcase>`;
    case 'skipped':
      return `${head}><skipped message="${message}"/></testcase>`;
  }
}

function time(checks: readonly GradedCheck[]): string {
  return checks.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(4);
}

/** Control characters other than white space may not stand in XML at all. */
function escapeXml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
