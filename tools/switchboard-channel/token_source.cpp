#include "tools/switchboard-channel/token_source.hpp"

#include <cstdlib>
#include <fstream>
#include <sys/stat.h>

namespace switchboard::channel_tool {

tl::expected<std::string, std::string> read_token(const token_options& options) {
  if (options.file.empty()) {
    const char* token = std::getenv(options.env.c_str());
    if (token && *token) return std::string(token);
    return tl::unexpected("put the token into the environment as " + options.env +
                          ", or give --token-file");
  }
  struct stat about {};
  if (stat(options.file.c_str(), &about) != 0)
    return tl::unexpected(options.file + ": cannot be read");
  if ((about.st_mode & 077) != 0)
    return tl::unexpected(options.file + ": others can read it; chmod 600 it");
  std::ifstream in(options.file);
  std::string token;
  std::getline(in, token);
  if (token.empty()) return tl::unexpected(options.file + ": holds no token");
  return token;
}

}  // namespace switchboard::channel_tool
