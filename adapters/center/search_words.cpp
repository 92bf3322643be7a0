#include "adapters/center/search_words.hpp"

#include <algorithm>
#include <cstdint>

namespace switchboard::center {
namespace {

constexpr std::size_t longest_token = 64;

struct character {
  std::string_view bytes;
  std::uint32_t code;
};

/// The first character of well-formed UTF-8; a stray byte is taken for one of its own.
character first_of(std::string_view text) {
  auto lead = static_cast<unsigned char>(text[0]);
  std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  length = std::min(length, text.size());
  std::uint32_t code = length == 1 ? lead : lead & (0xff >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3f);
  }
  return {text.substr(0, length), code};
}

// The blocks of the Unicode standard in which words are written without spaces.
bool is_unspaced(std::uint32_t c) {
  return (c >= 0x3040 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x9fff) ||
         (c >= 0xac00 && c <= 0xd7af) || (c >= 0xf900 && c <= 0xfaff) ||
         (c >= 0x20000 && c <= 0x3ffff);
}

bool is_word(std::uint32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  bool punctuation = (c >= 0x2000 && c <= 0x206f) || (c >= 0x3000 && c <= 0x303f) ||
                     (c >= 0xff00 && c <= 0xff0f) || (c >= 0xff1a && c <= 0xff20) || c < 0xc0;
  return !punctuation;
}

class splitter {
 public:
  explicit splitter(bool keep_last) : x_keep_last(keep_last) {}

  std::vector<std::string> split(std::string_view text) {
    while (!text.empty()) {
      auto c = first_of(text);
      text.remove_prefix(c.bytes.size());
      if (is_unspaced(c.code)) {
        end_word();
        x_run.push_back(c.bytes);
        continue;
      }
      end_run();
      if (is_word(c.code)) {
        add_to_word(c.bytes);
      } else {
        end_word();
      }
    }
    end_run();
    end_word();
    std::sort(x_tokens.begin(), x_tokens.end());
    x_tokens.erase(std::unique(x_tokens.begin(), x_tokens.end()), x_tokens.end());
    return std::move(x_tokens);
  }

 private:
  void add_to_word(std::string_view bytes) {
    if (x_word.size() + bytes.size() > longest_token) return;
    for (char b : bytes) x_word += b >= 'A' && b <= 'Z' ? static_cast<char>(b + 32) : b;
  }

  void end_word() {
    if (!x_word.empty()) x_tokens.push_back(std::move(x_word));
    x_word.clear();
  }

  void end_run() {
    for (std::size_t i = 0; i + 1 < x_run.size(); ++i) {
      x_tokens.push_back(std::string(x_run[i]) + std::string(x_run[i + 1]));
    }
    if (x_run.size() == 1 || (x_keep_last && !x_run.empty())) {
      x_tokens.emplace_back(x_run.back());
    }
    x_run.clear();
  }

  bool x_keep_last;
  std::string x_word;
  std::vector<std::string_view> x_run;
  std::vector<std::string> x_tokens;
};

}  // namespace

std::vector<std::string> index_tokens(std::string_view text) {
  return splitter(true).split(text);
}

std::vector<std::string> query_tokens(std::string_view text) {
  return splitter(false).split(text);
}

}  // namespace switchboard::center
