import type { Measure } from "./queries";

/** From so many standard deviations on a group is told to differ. */
const TELLING = 0.5;
const MOST = 3;

/** What tells a group from the others, the most telling first. */
export const telling = (measures: Measure[]): { feature: Measure["feature"]; more: boolean }[] =>
  measures
    .filter((one) => Math.abs(one.distance) >= TELLING)
    .sort((one, other) => Math.abs(other.distance) - Math.abs(one.distance))
    .slice(0, MOST)
    .map((one) => ({ feature: one.feature, more: one.distance > 0 }));

/** Where a bar begins and how long it is, in percent of a track whose middle is the average of all. */
export const bar = (distance: number): { start: number; length: number } => {
  const length = (Math.min(Math.abs(distance), 2) / 2) * 50;
  return { start: distance < 0 ? 50 - length : 50, length };
};
