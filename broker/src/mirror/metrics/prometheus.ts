/** Numbers in Prometheus' text format, version 0.0.4. */
import type { MetricPoint } from './flow-metrics.ts';

export function prometheusText(points: readonly MetricPoint[]): string {
  const names = [...new Set(points.map((point) => point.name))];
  return names
    .map((name) => {
      const type = name.endsWith('_count') ? 'counter' : 'gauge';
      const lines = points.filter((point) => point.name === name).map(line);
      return `# TYPE ${name} ${type}\n${lines.join('')}`;
    })
    .join('');
}

function line({ name, labels, value }: MetricPoint): string {
  const inside = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  return `${name}{${inside.join(',')}} ${value}\n`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
