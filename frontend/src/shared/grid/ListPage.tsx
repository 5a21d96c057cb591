import type { ReactNode } from "react";
import { EmptyState, Page, PageHeader } from "../ui";
import { ListView, type ListViewProps } from "./ListView";

interface Props<T extends { id: string }> extends Omit<ListViewProps<T>, "label" | "empty"> {
  title: string;
  /** What one does to have more of them: in the heading, and offered again while there are none. */
  actions?: ReactNode;
  /** Stands before the actions, in the heading only. */
  lead?: ReactNode;
  empty: { icon: ReactNode; title: string; hint?: string };
  /** Stands between the heading and the list. */
  before?: ReactNode;
  /** Dialogs. */
  children?: ReactNode;
}

/** A page that is one list: heading, list, and what to do while there is nothing. */
export function ListPage<T extends { id: string }>({
  title,
  actions,
  lead,
  empty,
  before,
  children,
  ...list
}: Props<T>) {
  return (
    <Page width="full">
      <PageHeader
        title={title}
        actions={
          <>
            {lead}
            {actions}
          </>
        }
      />
      {before}
      <ListView
        {...list}
        label={title}
        empty={
          <EmptyState icon={empty.icon} title={empty.title} actions={actions}>
            {empty.hint}
          </EmptyState>
        }
      />
      {children}
    </Page>
  );
}
