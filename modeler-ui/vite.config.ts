import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin } from 'vite';

/**
 * The properties panel makes its frame with a style attribute, which the policy of the page (style-src 'self') refuses
 * and reports. diagram.css gives the frame its height instead.
 */
const panelWithoutInlineStyle: Plugin = {
  name: 'panel-without-inline-style',
  transform(code, id) {
    if (!/bpmn-js-properties-panel[\\/]dist[\\/]index\.esm\.js/.test(id)) return null;
    const inlineStyle = '<div style="height: 100%" tabindex';
    if (!code.includes(inlineStyle)) this.error(`Expected ${inlineStyle} in ${id}. Look for its new form.`);
    return { code: code.replace(inlineStyle, '<div tabindex'), map: null };
  },
};

export default defineConfig({
  plugins: [vue(), panelWithoutInlineStyle],
  define: {
    // vue-i18n: the legacy API is not used, and the policy of the page forbids compiling messages by `new Function`.
    __VUE_I18N_LEGACY_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __INTLIFY_JIT_COMPILATION__: 'true',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
    __VUE_OPTIONS_API__: 'true',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
  build: {
    target: 'es2022',
    // Fonts must stay files: the page's policy allows fonts of its own origin only, no data URLs.
    assetsInlineLimit: 0,
    // bpmn-js and the properties panel are one chunk of more than 500 kB, which only the modeler page loads.
    chunkSizeWarningLimit: 2500,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:3000' } },
});
