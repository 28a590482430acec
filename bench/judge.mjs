// Medians of the runs, ratios of the medians, and whether they hold.

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of each figure over the outcomes of a contender's runs. */
export function medians(outcomes) {
  const keys = Object.keys(outcomes[0] ?? {});
  return Object.fromEntries(keys.map((key) => [key, median(outcomes.map((outcome) => outcome[key]))]));
}

/** The figure that a target looks at; a text where it is not to be had. */
function figure(results, name, key) {
  const result = results[name];
  if (!result) return 'missing';
  if (result.failed) return result.failed;
  return result.medians[key] ?? 'missing';
}

/** Judged lines: {what, value, bound, ok, why}; a contender that is missing or failed has a failed line, whether or not a target looks at it. */
export function judged(results, contest, image) {
  const lines = contest.targets.map((target) => ({ why: target.why ?? '', ...judgedTarget(target, results, image) }));
  const looked = contest.targets.flatMap(({ of, to }) => [of, to]);
  const gone = Object.entries(results).filter(([name, { failed }]) => failed && !looked.includes(name));
  return [...lines, ...gone.map(([what, { failed }]) => ({ what, value: failed, bound: 'runs', ok: false, why: '' }))];
}

function judgedTarget(target, results, image) {
  const most = typeof target.most === 'function' ? target.most(image) : target.most;
  const of = figure(results, target.of, target.key ?? target.difference ?? 'ms');
  const to = target.to === undefined ? null : figure(results, target.to, target.toKey ?? target.key ?? target.difference ?? 'ms');
  const unit = target.unit ?? target.difference ?? (target.to === undefined ? '' : '×');
  const bound = most === undefined ? `≥ ${target.least} ${unit}`.trim() : `≤ ${most} ${unit}`.trim();
  const gone = [of, to].find((value) => typeof value === 'string');
  if (gone !== undefined) return { what: target.what, value: gone, bound, ok: false };
  const scale = unit === 'MB' ? 1e-6 : 1;
  const value = (to === null ? of : target.difference ? of - to : of / to) * scale;
  const digits = unit === '×' ? (value < 10 ? 2 : 0) : 0;
  return {
    what: target.what,
    value: `${value.toFixed(digits)} ${unit}`.trim(),
    bound,
    ok: most === undefined ? value >= target.least : value <= most,
  };
}
