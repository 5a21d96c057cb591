/** JSON pointer → form path: `/phones/0/number` → `phones.0.number`. */
export function pointerToPath(pointer: string): string {
  return pointer
    .replace(/^#?\//, "")
    .split("/")
    .map((part) => part.replace(/~1/g, "/").replace(/~0/g, "~"))
    .join(".");
}
