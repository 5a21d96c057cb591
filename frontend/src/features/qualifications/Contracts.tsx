import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { KindFiles } from "@/features/attachments";
import { Button, Group } from "@/shared/ui";
import { Gaps } from "./Gaps";
import classes from "./Qualification.module.css";
import { completeQualification } from "./queries";
import type { Qualification } from "./types";
import { useActs } from "./useActs";

/** The papers that must be on file; with the last one the code is given. */
export function Contracts({ row, mayWrite }: { row: Qualification; mayWrite: boolean }) {
  const { t } = useTranslation("qualifications");
  const client = useQueryClient();
  const { run, busy } = useActs(row);
  const open = row.status !== "qualified" && row.status !== "withdrawn";
  return (
    <div className={classes.part}>
      <ul className={classes.list}>
        {row.contracts.map((one) => (
          <li key={one.key} className={classes.item}>
            <KindFiles
              subject={{ type: "qualification", id: row.id }}
              kind={one.key}
              label={one.required ? `${one.label} · ${t("required")}` : one.label}
              mayWrite={mayWrite && open}
              onChanged={() => void client.invalidateQueries({ queryKey: keys.of("qualifications") })}
            />
          </li>
        ))}
      </ul>
      {row.may.includes("complete") && (
        <>
          <Gaps gaps={row.gaps} />
          <Group justify="flex-end">
            <Button
              loading={busy}
              disabled={row.gaps.length > 0}
              onClick={() => void run(completeQualification).catch(() => undefined)}
            >
              {t("complete")}
            </Button>
          </Group>
        </>
      )}
    </div>
  );
}
