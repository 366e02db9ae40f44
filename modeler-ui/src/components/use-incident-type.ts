import { useI18n } from 'vue-i18n';

/** The name of a type of incidents; one of a later server is shown as it is named. */
export function useIncidentType(): (type: string) => string {
  const { t, te } = useI18n();
  return (type) => {
    const key = `incident.type.${type}`;
    return te(key) || te(key, 'en') ? t(key) : type;
  };
}
