/**
 * Forms that keep what was typed, put the server's objections at the right field and settle conflicts.
 *
 *   const form = useServerForm({
 *     initial, schema, version: record.version,
 *     save: (values, version) => ok(api.PATCH("/tags/{id}", { params: { header: ifMatch(version) }, body: changed(initial, values), … })),
 *     reload: async () => ({ values, version }),      // after a 412, to show both versions
 *     onSaved: (record) => close(),
 *   });
 *   <Form form={form}> <TextInput {...form.field("name")} label=… /> <FormActions form={form} onCancel=… /> </Form>
 *
 * Messages in schemas are text keys (`common:form.required`); see `rules`.
 */

export { Form, FormActions } from "./Form";
export { type FoundProps, FoundSelect } from "./FoundSelect";
export { fieldEdit, fieldEdits } from "./fieldEdit";
export { Facts, InlineField } from "./InlineField";
export { pointerToPath } from "./pointer";
export { rules } from "./rules";
export { type FieldChange, type FieldSave, useFieldSave } from "./useFieldSave";
export { changed, type ServerForm, useServerForm } from "./useServerForm";
