/**
 * What is being dragged: a field of the list or an axis of a shelf. The browser's own dragging carries no object, so it
 * is kept here while it lasts. Whatever can be dragged can be moved by its menu too.
 */
import type { Side } from "./types";

export type Dragged = { field: string } | { side: Side; at: number };

let now: Dragged | undefined;

export const drag = {
  begin(event: React.DragEvent, what: Dragged) {
    now = what;
    event.dataTransfer.effectAllowed = "move";
    // Firefox drags nothing without data.
    event.dataTransfer.setData("text/plain", "");
  },
  end() {
    now = undefined;
  },
  what: () => now,
};
