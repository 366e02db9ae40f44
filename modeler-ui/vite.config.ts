import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [vue()],
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
