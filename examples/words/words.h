#ifdef __cplusplus
extern "C" {
#endif

// The words of text with their counts, or what is wrong with it; the caller frees it.
char *count_words(const char *text);

#ifdef __cplusplus
}
#endif
