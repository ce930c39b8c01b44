#include "words.h"

#include <cstring>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>

static std::map<std::string, int> counted(const std::string &text) {
    std::map<std::string, int> counts;
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        counts[word]++;
    }
    if (counts.empty()) {
        throw std::invalid_argument("no words at all");
    }
    return counts;
}

char *count_words(const char *text) {
    std::ostringstream out;
    try {
        for (const auto &[word, count] : counted(text)) {
            out << word << "=" << count << " ";
        }
    } catch (const std::exception &caught) {
        out << caught.what();
    }
    return strdup(out.str().c_str());
}
