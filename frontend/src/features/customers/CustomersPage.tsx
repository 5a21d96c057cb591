import { IconAddressBook, IconPlus } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan } from "@/api";
import { useShortcuts } from "@/app/shortcuts";
import { ImportLink, useExport } from "@/features/imports";
import { AdvancedFilter, useConditionFields } from "@/shared/condition";
import { useFieldSave } from "@/shared/form";
import { ListPage } from "@/shared/grid";
import { Button } from "@/shared/ui";
import { BulkBar } from "./BulkBar";
import { useCustomerColumns } from "./columns";
import { patchCustomer } from "./commands";
import { fetchCustomers, readCustomer } from "./queries";
import { SaveAsSegment } from "./SaveAsSegment";

const CustomerPanel = lazy(() =>
  import("./CustomerPanel").then((module) => ({ default: module.CustomerPanel })),
);

export function CustomersPage() {
  const { t } = useTranslation("customers");
  const client = useQueryClient();
  const navigate = useNavigate();
  const mayWrite = useCan("customers:customer:write");
  const mayAssign = useCan("customers:customer:assign");
  const [creating, setCreating] = useState(false);
  const exporting = useExport("customers");
  const saver = useFieldSave({
    read: readCustomer,
    patch: patchCustomer,
    onSaved: (row) => void client.invalidateQueries({ queryKey: keys.one("customers", row.id) }),
  });
  const fields = useConditionFields("customers");
  const columns = useCustomerColumns(saver, mayWrite, fields);
  useShortcuts({ n: () => mayWrite && setCreating(true) });
  return (
    <ListPage
      resource="customers"
      title={t("title")}
      actions={
        <>
          <ImportLink>{t("import")}</ImportLink>
          {mayWrite && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
              {t("new")}
            </Button>
          )}
        </>
      }
      columns={columns}
      fields={fields}
      fetch={fetchCustomers}
      open={(row) => ({ to: "/customers/$id", params: { id: row.id } })}
      name={(row) => row.name}
      bulk={
        mayAssign || exporting.start
          ? (selection) => <BulkBar selection={selection} mayChange={mayAssign} onExport={exporting.start} />
          : undefined
      }
      views
      tools={
        <>
          <SaveAsSegment />
          <AdvancedFilter fields={fields} />
        </>
      }
      onExport={exporting.onExport}
      empty={{
        icon: <IconAddressBook size={28} stroke={1.5} />,
        title: t("empty.title"),
        hint: t("empty.hint"),
      }}
    >
      {saver.dialog}
      <Suspense>
        {creating && (
          <CustomerPanel
            onClose={() => setCreating(false)}
            onSaved={(row) => void navigate({ to: "/customers/$id", params: { id: row.id } })}
          />
        )}
      </Suspense>
      {exporting.dialog}
    </ListPage>
  );
}
