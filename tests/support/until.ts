/** Tries until a condition holds. @throws Error with its name when it does not in time */
export async function until(
  name: string,
  condition: () => Promise<boolean> | boolean,
  patience = 10_000,
): Promise<void> {
  const end = performance.now() + patience;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${patience} ms: ${name}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
