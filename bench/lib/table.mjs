/** Prints rows with columns as wide as they need to be. */
export function printTable(rows) {
  const names = Object.keys(rows[0]);
  const lines = [names, ...rows.map((row) => names.map((name) => String(row[name])))];
  const widths = names.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const text = lines.map((line) =>
    line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '),
  );
  console.log([text[0], widths.map((width) => '-'.repeat(width)).join('  '), ...text.slice(1)].join('\n'));
}

export const percentile = (numbers, share) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length * share)];

export const median = (numbers) => percentile(numbers, 0.5);
