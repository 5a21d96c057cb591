import { IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { IconButton, Panel, toast } from "@/shared/ui";
import { removeTravel, type Travel, travelsQuery } from "./queries";

/** Who travels when: fewer days of use are asked of them. */
export function TravelsPanel() {
  const { t } = useTranslation("discipline");
  const f = useFormat();
  const client = useQueryClient();
  const travels = useQuery(travelsQuery).data ?? [];
  const remove = useMutation({
    mutationFn: (travel: Travel) => removeTravel(travel.id),
    onSuccess: () => toast.done(t("travel.removed")),
    onError: toast.problem,
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.of("discipline") });
      return client.invalidateQueries({ queryKey: keys.of("travels") });
    },
  });
  if (travels.length === 0) return null;
  return (
    <Panel title={t("travel.title")} flush>
      <SimpleTable
        label={t("travel.title")}
        rows={travels}
        rowKey={(one) => one.id}
        columns={[
          { id: "user", header: t("person"), cell: (one) => one.user.name },
          {
            id: "days",
            header: t("travel.days"),
            cell: (one) => `${f.date(one.starts_on)} – ${f.date(one.ends_on)}`,
          },
          { id: "note", header: t("travel.note"), wide: true, cell: (one) => one.note },
          {
            id: "remove",
            header: "",
            align: "right",
            cell: (one) =>
              one.editable && (
                <IconButton
                  label={t("travel.remove", { name: one.user.name, day: f.date(one.starts_on) })}
                  onClick={() => remove.mutate(one)}
                >
                  <IconTrash size={16} />
                </IconButton>
              ),
          },
        ]}
      />
    </Panel>
  );
}
