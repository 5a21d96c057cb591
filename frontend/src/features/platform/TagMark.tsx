import { Badge } from "@/shared/ui";

/** Colours a tag may have: names, so that both schemes can choose readable shades. */
export const TAG_COLORS = ["pine", "ember", "blue", "grape", "yellow", "red", "gray"] as const;

const known = (color: string) => (TAG_COLORS as readonly string[]).includes(color);

/** A tag as it looks everywhere. */
export function TagMark({ tag }: { tag: { name: string; color?: string | null } }) {
  return (
    <Badge
      variant="light"
      radius="sm"
      tt="none"
      fw={500}
      color={tag.color && known(tag.color) ? tag.color : "gray"}
      style={{ cursor: "inherit" }}
    >
      {tag.name}
    </Badge>
  );
}
