/** Prints the closing line of CI from the runner's JSON report: `N passed, N failed, N skipped`. */
import { readFileSync } from 'node:fs';

const [reportFile, ...exitCodes] = process.argv.slice(2);
let report;
try {
  report = JSON.parse(readFileSync(reportFile, 'utf8'));
} catch (error) {
  process.stdout.write(`The test runner left no report (${error.message}).\n0 passed, 1 failed, 0 skipped\n`);
  process.exit(1);
}
const results = report.testResults.flatMap((file) => file.assertionResults);
const count = (...states) => results.filter((result) => states.includes(result.status)).length;
const passed = count('passed');
const skipped = count('skipped', 'pending', 'todo', 'disabled');
// A file that could not even be loaded has no failed result of its own, but counts as a failure.
const broken = report.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.every((result) => result.status !== 'failed'),
);
const failed = count('failed') + broken.length;
for (const result of results.filter(({ status }) => status === 'failed')) {
  process.stdout.write(`failed: ${result.fullName}\n`);
}
for (const file of broken) process.stdout.write(`failed to run: ${file.name}\n`);
const wrongExit = exitCodes.some((code) => code !== '0');
if (wrongExit) process.stdout.write(`exit codes of check and tests: ${exitCodes.join(', ')}\n`);
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exit(failed > 0 || passed === 0 || wrongExit ? 1 : 0);
