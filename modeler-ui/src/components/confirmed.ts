import { ElMessageBox } from 'element-plus';

/**
 * Asks before something is done that is hard to take back. `yes` and `no` are the texts of the buttons; closing the question, also by Escape, is a no.
 * `risky`: it is shown as a warning, and Enter alone is no yes.
 */
export async function confirmed(
  question: string,
  texts: { readonly title: string; readonly yes: string; readonly no: string; readonly risky?: boolean },
): Promise<boolean> {
  return await ElMessageBox.confirm(question, texts.title, {
    ...(texts.risky ? { type: 'warning' as const, autofocus: false, confirmButtonClass: 'el-button--danger' } : {}),
    confirmButtonText: texts.yes,
    cancelButtonText: texts.no,
  }).then(
    () => true,
    () => false,
  );
}
