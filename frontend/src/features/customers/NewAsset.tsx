import { IconDeviceLaptop } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan } from "@/api";
import { IconButton } from "@/shared/ui";
import type { AssetStart } from "./AssetDialog";

const AssetDialog = lazy(() => import("./AssetDialog"));

/** Notes what a line of an order brought as a thing its customer owns. */
export function NewAsset({ start }: { start: AssetStart & { name: string } }) {
  const { t } = useTranslation("assets");
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  if (!useCan("customers:customer:write")) return null;
  return (
    <>
      <IconButton label={t("from_line", { name: start.name })} onClick={() => setOpen(true)}>
        <IconDeviceLaptop size={15} />
      </IconButton>
      <Suspense>
        {open && (
          <AssetDialog
            start={start}
            onClose={() => setOpen(false)}
            onSaved={() => {
              setOpen(false);
              void client.invalidateQueries({ queryKey: keys.of("assets") });
              void client.invalidateQueries({ queryKey: keys.of("customers") });
            }}
          />
        )}
      </Suspense>
    </>
  );
}
