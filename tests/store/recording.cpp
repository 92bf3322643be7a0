#include <cstring>
#include <fstream>
#include <iterator>

#include "tests/store/write_recorder.hpp"

namespace switchboard::store {

const std::vector<std::string>& recorded_files() {
  static const std::vector<std::string> names{"journal/data.mdb", "state/data.mdb",
                                              "journal.new/data.mdb", "state.new/data.mdb"};
  return names;
}

std::vector<recorded> load_recording(const std::string& log) {
  std::ifstream in(log, std::ios::binary);
  const std::string all((std::istreambuf_iterator<char>(in)), {});
  std::vector<recorded> out;
  for (std::size_t at = 0; at + sizeof(recorded_header) <= all.size();) {
    recorded_header h;
    std::memcpy(&h, all.data() + at, sizeof h);
    at += sizeof h;
    if (at + h.length > all.size()) break;
    out.push_back({h.what, h.file, h.synced != 0, h.offset, all.substr(at, h.length)});
    at += h.length;
  }
  return out;
}

}  // namespace switchboard::store
