import { IconFileImport } from "@tabler/icons-react";
import { useCan } from "@/api";
import { ButtonLink } from "@/shared/ui";
import type { Resource } from "./types";

/** The way from a list to the import of what it lists, for who may import. */
export function ImportLink({ resource, children }: { resource?: Resource; children: string }) {
  if (!useCan("platform:import:run")) return null;
  return (
    <ButtonLink
      variant="default"
      to="/imports/new"
      search={{ resource }}
      leftSection={<IconFileImport size={16} stroke={1.6} />}
    >
      {children}
    </ButtonLink>
  );
}
