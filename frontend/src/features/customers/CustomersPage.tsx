import { IconAddressBook } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan } from "@/api";
import { useCreating } from "@/app/creating";
import { ImportLink, useExport } from "@/features/imports";
import { AdvancedFilter, useConditionFields } from "@/shared/condition";
import { useFieldSave } from "@/shared/form";
import { ListPage } from "@/shared/grid";
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
  const creating = useCreating(mayWrite, t("new"));
  const exporting = useExport("customers");
  const saver = useFieldSave({
    read: readCustomer,
    patch: patchCustomer,
    onSaved: (row) => void client.invalidateQueries({ queryKey: keys.one("customers", row.id) }),
  });
  const fields = useConditionFields("customers");
  const columns = useCustomerColumns(saver, mayWrite, fields);
  return (
    <ListPage
      resource="customers"
      title={t("title")}
      actions={
        <>
          <ImportLink>{t("import")}</ImportLink>
          {creating.button}
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
        {creating.opened && (
          <CustomerPanel
            onClose={creating.close}
            onSaved={(row) => void navigate({ to: "/customers/$id", params: { id: row.id } })}
          />
        )}
      </Suspense>
      {exporting.dialog}
    </ListPage>
  );
}
