from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Names carry a hash of the content, in `import` lines of modules too: browsers may keep each file for ever."""

    support_js_module_import_aggregation = True
