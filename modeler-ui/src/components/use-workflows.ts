import { useResource } from '../api/use-resource.js';
import { api } from '../api/client.js';

/** The workflows that are deployed, as choices, and their names. */
export function useWorkflows() {
  const workflows = useResource(() => api.workflows());
  return {
    options: () => (workflows.data.value?.items ?? []).map(({ key, name }) => ({ value: key, label: name })),
    /** The key where the workflow is not known. */
    nameOf: (key: string): string => workflows.data.value?.items.find((one) => one.key === key)?.name ?? key,
  };
}
